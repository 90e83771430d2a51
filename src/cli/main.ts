#!/usr/bin/env node
import { join } from 'node:path';
import { backgroundCommand } from './backgroundCommand.ts';
import { loadScript } from './loadScript.ts';
import type * as program from './runCli.ts';

// What an owner of the environment compiles is several times what those who ask it something do.
const isOwner = process.argv.some((word) => word === 'up' || word === backgroundCommand);

// __dirname is the folder of the bundle, beside which the program lies.
const { runCli } = loadScript(
  join(__dirname, 'cliProgram.cjs'),
  isOwner ? 'owner' : 'other',
) as typeof program;

void runCli();
