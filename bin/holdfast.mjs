#!/usr/bin/env node
import { main } from '../dist/client/cli/main.js';

await main(process.argv);
