# Any role of holdfast: orchestrator, fetcher, device worker, and the commands.

FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    ca-certificates \
    ffmpeg \
    gstreamer1.0-alsa \
    gstreamer1.0-libav \
    gstreamer1.0-plugins-bad \
    gstreamer1.0-plugins-base \
    gstreamer1.0-plugins-good \
    gstreamer1.0-plugins-ugly \
    gstreamer1.0-tools \
    tini \
    util-linux \
    v4l-utils \
  && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 holdfast \
  && useradd --system --uid 10001 --gid holdfast --groups video,audio --home-dir /var/lib/holdfast holdfast \
  && install --directory --owner=holdfast --group=holdfast --mode=0750 /var/lib/holdfast /etc/holdfast
WORKDIR /opt/holdfast
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/bin ./bin
COPY --from=build /build/dist ./dist
# The small shell program under which every run lives is looked for here.
COPY --from=build /build/activities/custody/wrapper.sh ./activities/custody/wrapper.sh
RUN ln -s /opt/holdfast/bin/holdfast.cjs /usr/local/bin/holdfast
ENV NODE_ENV=production
USER holdfast
WORKDIR /var/lib/holdfast
VOLUME /var/lib/holdfast
STOPSIGNAL SIGTERM
# Which task queue the health check looks at; a device worker sets holdfast-host-<host>.
ENV HOLDFAST_HEALTH_QUEUE=holdfast
HEALTHCHECK --interval=30s --timeout=20s --start-period=30s --retries=3 \
  CMD holdfast doctor --queue "$HOLDFAST_HEALTH_QUEUE" --here
# Collects the recording processes whose worker has gone before them, also where the engine adds no init of its own.
ENTRYPOINT ["/usr/bin/tini", "-s", "--", "holdfast"]
CMD ["worker"]
