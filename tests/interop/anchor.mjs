// Our anchors on a chain that nobody here wrote, and badges for a verifier that nobody here wrote:
// anvil, and @blockcerts/cert-verifier-js as it is published.
import {spawn, spawnSync} from 'node:child_process';
import {createRequire} from 'node:module';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:https';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';

import {chancery, documentOf, issue, start, work, write} from './chancery.mjs';
import {allow} from './offline.mjs';
import {Table} from './table.mjs';

// Sepolia's number: the verifier takes no chain that it does not know.
const chainId = 11155111;
const confirmations = 4;
const here = fileURLToPath(new URL('.', import.meta.url));
const portBase = Number(process.env.INTEROP_CHAIN_PORT ?? 18545);

function must(...words) {
  const {status, said} = chancery(...words);
  if (status !== 0) throw new Error(`${words.join(' ')}: ${JSON.stringify(said)}`);
  return said;
}

const anvil = spawn(
  createRequire(import.meta.url).resolve(
    `@foundry-rs/anvil-linux-${process.arch === 'x64' ? 'amd64' : 'arm64'}/bin/anvil`),
  ['--port', String(portBase), '--chain-id', String(chainId), '--no-mining', '--quiet'],
  {stdio: 'ignore', env: {HOME: work, PATH: '/usr/bin:/bin'}});
process.on('exit', () => anvil.kill());
const url = `http://127.0.0.1:${portBase}`;

allow(url);
async function rpc(method, ...params) {
  for (let tries = 0; ; ++tries) {
    try {
      const answer = await fetch(`${url}/`, {
        method: 'POST',
        headers: {'content-type': 'application/json'},
        body: JSON.stringify({jsonrpc: '2.0', id: 1, method, params})});
      const {result, error} = await answer.json();
      if (error) throw new Error(`${method}: ${error.message}`);
      return result;
    } catch (error) {
      if (error.cause?.code !== 'ECONNREFUSED' || tries === 200) throw error;
      await setTimeout(20);  // It was just started, and is not there yet.
    }
  }
}

const key = join(work, 'anchor.key');
const {public: address} = must('key', 'new', '--use', 'anchor', '--member', 'uni-a', '--out', key);
await rpc('anvil_setBalance', address, '0xde0b6b3a7640000');

const common = ['--chain', `eip155:${chainId}`, '--chain-url', url, '--anchor-key', key,
  '--confirmations', String(confirmations)];
const pooled = async () => (await rpc('txpool_status')).pending !== '0x0';

// The command, while blocks come.
async function mining(words) {
  const run = start(...words, ...common, '--poll', '0s', '--wait', '1m');
  while (!run.ended() && !(await pooled())) await setTimeout(20);
  await rpc('anvil_mine', `0x${confirmations.toString(16)}`);
  return run.said();
}

const table = new Table(['chain', 'verifier', 'chancery']);
const isVerbose = process.env.INTEROP_VERBOSE !== undefined;

// --- A checkpoint.
issue(documentOf('badge/good.json'));
const anchored = await mining(['anchor', 'once']);
const sent = await rpc('eth_getTransactionByHash', anchored.transaction);
table.add('a checkpoint is on the chain',
  {chain: `${sent.type} ${sent.from === address && sent.to === address} ` +
    `${sent.input === `0x${anchored.root}`}`},
  {chain: '0x2 true true'});

const check = (position, where = url) => {
  const {said} = chancery('anchor', 'check', String(position), '--chain-url', where,
    '--confirmations', String(confirmations));
  return said.steps.map(({step, result}) => `${step} ${result}`).join(', ');
};
const passed = 'entry pass, root pass, transaction pass, chain pass, calldata pass, block pass';
table.add('its entry under anvil', {chancery: check(anchored.position)},
  {chancery: `${passed}, sender fail`});  // The ledger does not know the key yet.
must('key', 'add', key);

// --- The chain forgets: the next run sends the very same transaction again.
issue(documentOf('badge/good.json'));
const early = chancery('anchor', 'once', ...common, '--wait', '0s', '--poll', '1s');
await rpc('anvil_mine', '0x1');
const status = () => must('anchor', 'status', ...common).anchors.at(-1);
const [attempt] = status().attempts;
await rpc('anvil_reorg', 1, []);
const gone = await rpc('eth_getTransactionReceipt', attempt);
const again = await mining(['anchor', 'once']);
table.add('after a re-organisation',
  {chain: `${early.said.error.code} ${gone === null} ${again.transaction === attempt}`,
    chancery: check(again.position)},
  {chain: 'timeout true true', chancery: `${passed}, sender pass`});

// --- Blockcerts, with the one server of TLS that the verifier asks: profile, and the chain.
const tlsPort = portBase + 1;
const issuer = `https://127.0.0.1:${tlsPort}/issuer.json`;
const badges = mkdtempSync(join(work, 'blockcerts-'));
for (let i = 0; i < 3; ++i)
  writeFileSync(join(badges, `badge${i}.json`),
    readFileSync(write(issue(documentOf('badge/good.json')))));
const out = join(work, 'blockcerts');
await mining(['anchor', 'blockcerts', badges, '--out', out, '--profile-url', issuer,
  '--name', 'University A']);
const files = readdirSync(out).filter((name) => name.endsWith('.blockcerts.json'));
const profile = JSON.parse(readFileSync(join(out, 'issuer.json'), 'utf8'));
const exported = JSON.parse(readFileSync(join(out, files[0]), 'utf8'));

const crt = join(work, 'tls.crt');
spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
  '-nodes', '-keyout', join(work, 'tls.key'), '-out', crt, '-days', '2', '-subj', '/CN=127.0.0.1',
  '-addext', 'subjectAltName=IP:127.0.0.1'], {stdio: 'ignore'});
let shown = profile;
const server = createServer(
  {key: readFileSync(join(work, 'tls.key')), cert: readFileSync(crt)},
  async (request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/issuer.json') return response.end(JSON.stringify(shown));
    let text = '';
    for await (const piece of request) text += piece;
    const {id, method, params} = JSON.parse(text);
    response.end(JSON.stringify({jsonrpc: '2.0', id, result: await rpc(method, ...params)}));
  });
server.listen(tlsPort, '127.0.0.1');
await once(server, 'listening');

async function judged(document) {
  const child = spawn(process.execPath,
    [join(here, 'blockcerts_verifier.mjs'), `https://127.0.0.1:${tlsPort}/rpc`],
    {env: {...process.env, NODE_EXTRA_CA_CERTS: crt, NODE_OPTIONS: ''}});
  let said = '';
  let why = '';
  child.stdout.on('data', (piece) => { said += piece; });
  child.stderr.on('data', (piece) => { why += piece; });
  child.stdin.end(JSON.stringify(document));
  await once(child, 'close');
  if (isVerbose) console.error(`verifier: ${said} ${why}`);
  return said.trimEnd().split('\n').at(-1).startsWith('success') ? 'good' : 'bad';
}

function ours(document, about = profile) {
  const {said} = chancery('anchor', 'check', write(document), '--chain-url', url,
    '--confirmations', String(confirmations), '--profile', write(about));
  return said.verdict ?? said.error.code;
}

async function row(name, document, about, verdict) {
  shown = about;
  table.add(name, {verifier: await judged(document), chancery: ours(document, about)},
    {verifier: verdict === 'VALID' ? 'good' : 'bad', chancery: verdict});
}

const altered = (change) => {
  const document = structuredClone(exported);
  change(document);
  return document;
};
const other = structuredClone(profile);
other.publicKey[0].id = `ecdsa-koblitz-pubkey:0x${'12'.repeat(20)}`;
const jwk = other.verificationMethod[0].publicKeyJwk;
[jwk.x, jwk.y] = ['eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g',
  'SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg'];  // The point of secret 1.

await row('a badge for Blockcerts', exported, profile, 'VALID');
await row('its name altered', altered((one) => { one.name = 'Another'; }), profile, 'NOT VALID');
await row('of another issuer\'s key', exported, other, 'NOT VALID');
const proofOf = (name) => JSON.parse(readFileSync(join(out, name), 'utf8')).proof;
await row('with the proof of another',
  altered((one) => { one.proof = proofOf(files[1]); }), profile, 'NOT VALID');

server.close();
process.exitCode = table.print() ? 0 : 1;
anvil.kill();
