#!/usr/bin/env node
// Looking names up blocks a thread of the pool for as long as a name server is silent: with the usual four threads a few dead
// sites would make all others wait. Only a CommonJS file can still say so: an ES module is itself read by the pool.
process.env.UV_THREADPOOL_SIZE ??= '64';

void import('../dist/client/cli/main.js').then(({ main }) => main(process.argv));
