// The two real hours of r/place 2022, for tests, benchmarks and pictures.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { data, serverProgram } from './server.mjs';

export const place = join(data, 'rplace2022');
export const placements = join(place, 'placements.csv.gz');
/** What is missing, in words, or nothing. */
export const placeAbsent = existsSync(placements) ? undefined : `${placements} is absent`;

export const withBase = ['--base', join(place, 'start.png')];
/** The arguments that import them into the canvas 'place' of this directory. */
export const importPlace = (directory, ...more) => ['import', '--data', directory, '--canvas', 'place', '--format', 'reddit-csv', ...more, placements];

/** Imports all of it, with its base. */
export const importAll = (directory) => execFileSync(serverProgram, importPlace(directory, ...withBase), { stdio: 'ignore' });
