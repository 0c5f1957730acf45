"""One pass over a list of feeds, as Scrapy does it with its own retry and cache middlewares."""

import json
import os

import scrapy
from scrapy.crawler import CrawlerProcess

folder = os.environ["BENCH_FOLDER"]
with open(os.environ["BENCH_URLS"], encoding="utf-8") as file:
    urls = json.load(file)
concurrency = int(os.environ["BENCH_CONCURRENCY"])
timeout = float(os.environ["BENCH_TIMEOUT_SECONDS"])


class Feeds(scrapy.Spider):
    name = "feeds"

    async def start(self):
        for url in urls:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response):
        for item in response.xpath("//item"):
            yield {name: item.xpath(f"{name}/text()").get() for name in ("guid", "title", "link", "pubDate", "description")}


process = CrawlerProcess(
    {
        "CONCURRENT_REQUESTS": concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_TIMEOUT": timeout,
        "RETRY_TIMES": 2,
        "ROBOTSTXT_OBEY": False,
        # The policy that asks conditionally and keeps to what the answers say of themselves.
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_POLICY": "scrapy.extensions.httpcache.RFC2616Policy",
        "HTTPCACHE_DIR": os.path.join(folder, "cache"),
        "FEEDS": {os.path.join(folder, "items.jsonl"): {"format": "jsonlines"}},
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "CRITICAL",
    }
)
process.crawl(Feeds)
process.start()
