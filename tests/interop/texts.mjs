// Credentials as signed texts, JWT and SD-JWT VC, under others' libraries, and theirs under ours.
import {createHash, createPrivateKey, createPublicKey, ECDH, generateKeyPairSync, webcrypto}
  from 'node:crypto';
import {copyFileSync, mkdtempSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import {decode as fromBase58} from 'base58-universal';
import {compactVerify, exportJWK, jwtVerify, SignJWT} from 'jose';

import {chancery, did, keyFolder, work} from './chancery.mjs';
import {openKeyFile} from './keys.mjs';
import {allow} from './offline.mjs';
import {Table} from './table.mjs';

globalThis.crypto ??= webcrypto;  // Node.js 18 has it, under another name.

const audience = 'https://employer.example';
const nonce = 'n-0S6_WzA2Mj';
const isVerbose = process.env.INTEROP_VERBOSE !== undefined;

function must(...words) {
  const {status, said} = chancery(...words);
  if (status !== 0) throw new Error(`${words.join(' ')}: ${JSON.stringify(said)}`);
  return said;
}

// Keys: the issuer's, on the ledger; the holder's, in the credential.
const passphrase = ['--passphrase-file', join(keyFolder, 'passphrase')];
const keyFile = (type) => join(keyFolder, `assertion-${type}.key`);
for (const [type, ...more] of [['p256'], ['rsa', '--bits', '2048']])
  must('key', 'add', '--use', 'assertion', '--type', type, ...more, ...passphrase);
must('key', 'new', '--use', 'holder', '--type', 'p256', '--member', 'ana', '--out', 'ana.key',
  ...passphrase);
const holder = must('key', 'show', 'ana.key', ...passphrase);
const secretOf = (type) => createPrivateKey({
  key: openKeyFile(keyFile(type), join(keyFolder, 'passphrase')), format: 'der', type: 'pkcs8'});

// The issuer's keys as anybody finds them: in its DID document, by their names.
const [, node] = /^node = \["(.*)"\]$/m.exec(
  readFileSync(join(work, 'sandbox/client.toml'), 'utf8'));
allow(node);
const document = await (await fetch(`${node}/v1/members/uni-a/did.json`)).json();

function keyOf(method) {
  if (method.publicKeyJwk) return createPublicKey({key: method.publicKeyJwk, format: 'jwk'});
  const bytes = fromBase58(method.publicKeyMultibase.slice(1));
  if (bytes[0] !== 0x80 || bytes[1] !== 0x24) return undefined;
  const point = ECDH.convertKey(
    Buffer.from(bytes.slice(2)), 'prime256v1', undefined, undefined, 'uncompressed');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((n) => n.toString('base64url'));
  return createPublicKey({key: {kty: 'EC', crv: 'P-256', x, y}, format: 'jwk'});
}
const keys = document.verificationMethod
  .filter((method) => document.assertionMethod.includes(method.id))
  .map((method) => [method.id, keyOf(method)])
  .filter(([, key]) => key);

const headerOf = (text) => JSON.parse(Buffer.from(text.split('.')[0], 'base64url').toString());

// A JWT names its key by what it is, an SD-JWT by what the DID document calls it.
async function issuerKey(header) {
  for (const [id, key] of keys) {
    if (header.kid === id) return key;
    const {kty, n, x} = await exportJWK(key);
    if (header.jwk && header.jwk.kty === kty && (header.jwk.n ?? header.jwk.x) === (n ?? x))
      return key;
  }
  throw new Error('the key is none of the issuer');
}

async function byJose(text) {
  await jwtVerify(text, await issuerKey(headerOf(text)), {
    issuer: did, algorithms: ['ES256', 'RS256'], typ: 'JWT'});
}

const sha256 = (text) => new Uint8Array(createHash('sha256').update(text).digest());

async function isSignedBy(key, data, signature) {
  try {
    await compactVerify(`${data}.${signature}`, key);
    return true;
  } catch {
    return false;
  }
}

// It leaves signatures to whoever uses it: those are jose's.
const sdJwt = new SDJwtVcInstance({
  hasher: sha256,
  hashAlg: 'sha-256',
  saltGenerator: () => Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)))
    .toString('base64url'),
  verifier: async (data, signature) => isSignedBy(await issuerKey(headerOf(data)), data, signature),
  kbVerifier: (data, signature, payload) => isSignedBy(
    createPublicKey({key: payload.cnf.jwk, format: 'jwk'}), data, signature),
  signAlg: 'ES256',
  signer: async (data) => {
    const [header, payload] = data.split('.').map((part) => Buffer.from(part, 'base64url'));
    const made = await new SignJWT(JSON.parse(payload)).setProtectedHeader(JSON.parse(header))
      .sign(secretOf('p256'));
    if (!made.startsWith(`${data}.`)) throw new Error('jose writes the payload otherwise');
    return made.slice(data.length + 1);
  },
});

async function bySdJwtVc(text, isBound) {
  const {kb} = await sdJwt.verify(text, isBound ? {keyBindingNonce: nonce} : {});
  if (isBound && kb.payload.aud !== audience) throw new Error('for somebody else');
}

// What each says of a text with the proofs of `like` beside it: 'good' or 'bad', and our verdict.
async function judged(text, like, isBound = false) {
  const path = join(mkdtempSync(join(work, 'text-')), text.includes('~') ? 'a.sd-jwt' : 'a.jwt');
  writeFileSync(path, text);
  const stem = (name) => name.replace(/\.(sd-)?jwt$/, '');
  copyFileSync(join(work, `${stem(like)}.tlog-proof`), `${stem(path)}.tlog-proof`);
  const words = isBound ? ['--audience', audience, '--nonce', nonce] : [];
  const {status, said} = chancery('verify', path, ...words);
  const isOurs = said.verdict !== 'valid' || status === 0;
  const answer = {chancery: isOurs ? said.verdict ?? said.error.code : 'not shown to us'};
  try {
    await (text.includes('~') ? bySdJwtVc(text, isBound) : byJose(text));
    answer.others = 'good';
  } catch (error) {
    answer.others = 'bad';
    if (isVerbose) console.error(`${path}: ${error.message}`);
  }
  return answer;
}

const table = new Table(['others', 'chancery']);
const good = {others: 'good', chancery: 'valid'};
const bad = (verdict) => ({others: 'bad', chancery: verdict});

// One table in all forms, of which one row has expired.
writeFileSync(join(work, 'text-form.json'), must('issue', 'template').template);
writeFileSync(join(work, 'text-people.csv'), [
  'file,recipient,email,valid_from,credits,holder',
  `now.json,Ana,ana@example.org,2026-01-01T00:00:00Z,3,${holder.did}`,
  `then.json,Ben,ben@example.org,2020-01-01T00:00:00Z,,`, ''].join('\r\n'));
function issue(folder, ...words) {
  must('issue', 'batch', 'text-people.csv', '--template', 'text-form.json', '--out', folder,
    ...words);
}
const read = (path) => readFileSync(join(work, path), 'utf8');

// A character near the end of the issuer's signature: every value of it still decodes.
function bent(text) {
  const [jws, ...rest] = text.split('~');
  const other = jws.at(-3) === 'A' ? 'B' : 'A';
  return [`${jws.slice(0, -3)}${other}${jws.slice(-2)}`, ...rest].join('~');
}

for (const type of ['p256', 'rsa']) {
  issue(type, '--format', 'jwt', '--assertion-key', keyFile(type));
  const path = `${type}/now.jwt`;
  const text = read(path);
  const {alg} = headerOf(text);
  table.add(`JWT, ${alg}`, await judged(text, path), good);
  table.add(`JWT, ${alg}, signature bent`, await judged(bent(text), path), bad('altered'));
  const [header, payload] = text.split('.');
  const forged = await new SignJWT(JSON.parse(Buffer.from(payload, 'base64url').toString()))
    .setProtectedHeader(JSON.parse(Buffer.from(header, 'base64url').toString()))
    .sign(generateKeyPairSync(type === 'rsa' ? 'rsa' : 'ec',
      {modulusLength: 2048, namedCurve: 'P-256'}).privateKey);
  table.add(`JWT, ${alg}, by a stranger`, await judged(forged, path), bad('altered'));
  const old = `${type}/then.jwt`;
  table.add(`JWT, ${alg}, expired`, await judged(read(old), old), bad('expired'));
}

issue('sd', '--format', 'sd-jwt', '--holder-column', 'holder');
const path = 'sd/now.sd-jwt';
const whole = read(path);
const show = (...words) => must('present', path, ...words, ...passphrase).presentation;
const some = show('--show', 'creditsEarned,name');
const bound = show('--show', 'name', '--holder-key', 'ana.key', '--audience', audience,
  '--nonce', nonce);
table.add('SD-JWT, whole', await judged(whole, path), good);
table.add('SD-JWT, some claims', await judged(some, path), good);
table.add('SD-JWT, no claim', await judged(show('--none'), path), good);
table.add('SD-JWT, with key binding', await judged(bound, path, true), good);
table.add('SD-JWT, key binding wanted', await judged(some, path, true), bad('not shown to us'));
const elsewhere = bound.slice(0, bound.indexOf('~') + 1) + bound.slice(bound.lastIndexOf('~') + 1);
table.add('SD-JWT, binding of another part', await judged(elsewhere, path, true),
  bad('not shown to us'));
const other = show('--show', 'name', '--holder-key', 'ana.key', '--audience', audience,
  '--nonce', 'another');
table.add('SD-JWT, binding of another nonce', await judged(other, path, true),
  bad('not shown to us'));
table.add('SD-JWT, signature bent', await judged(bent(whole), path), bad('altered'));
const expired = 'sd/then.sd-jwt';
table.add('SD-JWT, expired', await judged(read(expired), expired), bad('expired'));

// Of a disclosure that was changed theirs takes the rest; ours refuses the whole.
const claimed = JSON.parse(Buffer.from(some.split('~')[1], 'base64url').toString());
const lie = Buffer.from(JSON.stringify([claimed[0], claimed[1], 'Eve'])).toString('base64url');
const lying = some.split('~').map((part, i) => (i === 1 ? lie : part)).join('~');
table.add('SD-JWT, a claim changed', {chancery: (await judged(lying, path)).chancery},
  {chancery: 'invalid'});

// Theirs, registered by their hashes alone.
async function registered(name, text, covered) {
  const hash = createHash('sha256').update(covered).digest('hex');
  writeFileSync(join(work, 'text-hash'), `${hash}\n`);
  must('issue', 'batch', '--hashes', 'text-hash', '--out', 'theirs');
  renameSync(join(work, `theirs/${hash}.tlog-proof`), join(work, `theirs/${name}.tlog-proof`));
  return judged(text, `theirs/${name}.jwt`);
}
const claims = {
  iss: did, vct: 'https://credentials.example/degree', nbf: 1767225600,
  credentialSubject: {name: 'Ana', credits: 3}};
const kid = keys[0][0];
const theirs = await sdJwt.issue(claims, {credentialSubject: {_sd: ['name', 'credits']}},
  {header: {kid}});
table.add('theirs: SD-JWT', await registered('sd', theirs, theirs.split('~')[0]), good);
const shown = await sdJwt.present(theirs, {credentialSubject: {name: true}});
table.add('theirs: SD-JWT, a part', await judged(shown, 'theirs/sd.jwt'), good);
const badge = {
  '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiableCredential'],
  id: 'urn:uuid:5f1a7c0e-8f5f-4d53-9a37-0d2b4a4d7c11', issuer: did,
  validFrom: '2026-01-01T00:00:00Z', credentialSubject: {id: 'urn:uuid:1', name: 'Ana'}};
for (const [type, alg] of [['p256', 'ES256'], ['rsa', 'RS256']]) {
  const jwk = await exportJWK(createPublicKey(secretOf(type)));
  const text = await new SignJWT({...badge, iss: did, jti: badge.id, nbf: 1767225600})
    .setProtectedHeader({alg, typ: 'JWT', jwk}).sign(secretOf(type));
  table.add(`theirs: JWT, ${alg}`, await registered(alg, text, text), good);
}
process.exitCode = table.print() ? 0 : 1;
