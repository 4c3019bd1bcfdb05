// The program under test, and the sandbox that it runs against.
import {spawn, spawnSync} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const [binaries, folder] = process.argv.slice(2);
export const work = folder;
const sandbox = join(work, 'sandbox');

export const keyFolder = join(sandbox, 'uni-a', 'keys');
export const members = JSON.parse(readFileSync(join(work, 'members.json'), 'utf8'));
export const did = members.members[0].dids[0].did;

export function chancery(...words) {
  const run = spawnSync(join(binaries, 'chancery'), [...words, '--json'], {
    cwd: work,
    encoding: 'utf8',
    env: {PATH: '/usr/bin:/bin', HOME: work, CHANCERY_SANDBOX: sandbox},
  });
  if (run.error) throw run.error;
  return {status: run.status, said: JSON.parse(run.stdout)};
}

// The same in the background.
export function start(...words) {
  const child = spawn(join(binaries, 'chancery'), [...words, '--json'], {
    cwd: work,
    env: {PATH: '/usr/bin:/bin', HOME: work, CHANCERY_SANDBOX: sandbox},
    stdio: ['ignore', 'pipe', process.env.INTEROP_VERBOSE === undefined ? 'ignore' : 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (piece) => { text += piece; });
  const closed = once(child, 'close');
  return {
    ended: () => child.exitCode !== null,
    said: async () => {
      await closed;
      const said = JSON.parse(text);
      if (child.exitCode !== 0) throw new Error(`${words.join(' ')}: ${text}`);
      return said;
    },
  };
}

// In a folder of its own, with nothing beside it.
export function write(document) {
  const folder = mkdtempSync(join(work, 'case-'));
  const path = join(folder, 'badge.json');
  writeFileSync(path, JSON.stringify(document, null, 2));
  return path;
}

export function issueFile(path) {
  const {status, said} = chancery('issue', 'one', path);
  if (status !== 0) throw new Error(`issue: ${JSON.stringify(said)}`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

export const issue = (document) => issueFile(write(document));

// The verdict in its own words, or the error's code.
export function verify(document) {
  const {said} = chancery('verify', write(document));
  return said.verdict ?? said.error.code;
}

// A vector of ours as a document of the sandbox's member.
export function documentOf(vector) {
  const text = readFileSync(new URL(`../vectors/${vector}`, import.meta.url), 'utf8');
  const document = JSON.parse(text);
  document.id = `urn:uuid:${randomUUID()}`;
  document.issuer = {...document.issuer, id: did};
  return document;
}

export function withoutStatus(document) {
  const {credentialStatus, ...rest} = document;
  return rest;
}
