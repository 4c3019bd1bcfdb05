// What becomes of our badges, as verifiers learn it who know of no registry: from status lists.
import {writeFileSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {chancery, did, members, verify, work} from './chancery.mjs';
import {addMembers, fetchListsFrom} from './contexts.mjs';
import {allow} from './offline.mjs';
import {Table} from './table.mjs';
import {verifiers} from './verifiers.mjs';

// The referee of canonical forms looks at no status.
const names = Object.keys(verifiers).filter((name) => name !== 'jsonld');

function must(...words) {
  const {status, said} = chancery(...words);
  if (status !== 0) throw new Error(`${words.join(' ')}: ${JSON.stringify(said)}`);
  return said;
}

const learners = ['good', 'revoked', 'suspended', 'reinstated', 'superseded'];
const begun = must('status-list', 'new', 'interop');
const [node] = begun.list.revocation_list.split('/v1/');
writeFileSync(join(work, 'form.json'), must('issue', 'template').template);
writeFileSync(join(work, 'people.csv'), [
  'file,recipient,email,valid_from',
  ...learners.map((name) => `${name}.json,${name},${name}@example.org,2026-01-01T00:00:00Z`),
  ''].join('\r\n'));
must('issue', 'batch', 'people.csv', '--template', 'form.json', '--out', 'listed',
  '--status-list', 'interop');
const path = (name) => join('listed', `${name}.json`);
const badge = (name) => JSON.parse(readFileSync(join(work, path(name)), 'utf8'));

allow(node);
fetchListsFrom(node);
addMembers(members);
const table = new Table([...names, 'chancery']);
const isVerbose = process.env.INTEROP_VERBOSE !== undefined;

// verifier-core looks at revocation alone.
const blindTo = {suspended: ['core']};

async function row(name, document, isGood, ours) {
  const said = {chancery: verify(document)};
  const wanted = {chancery: ours};
  for (const verifier of names) {
    const answer = await verifiers[verifier](document);
    if (isVerbose) console.error(`${name}: ${verifier}: ${answer}`);
    said[verifier] = answer === 'good' ? 'good' : 'bad';
    const isBlind = (blindTo[ours] ?? []).includes(verifier);
    wanted[verifier] = isGood || isBlind ? 'good' : 'bad';
  }
  table.add(name, said, wanted);
}

for (const name of learners) await row(`${name}, at first`, badge(name), true, 'valid');
must('revoke', path('revoked'), '--reason', 'issued_in_error');
must('suspend', path('suspended'));
must('suspend', path('reinstated'));
must('renew', path('superseded'), '--unlinked');
await row('good', badge('good'), true, 'valid');
await row('revoked', badge('revoked'), false, 'revoked');
await row('suspended', badge('suspended'), false, 'suspended');
await row('reinstated, before', badge('reinstated'), false, 'suspended');
await row('superseded', badge('superseded'), false, 'superseded');
must('reinstate', path('reinstated'));
await row('reinstated', badge('reinstated'), true, 'valid');

// A list of somebody else, or none, tells nothing; and nobody takes that for good.
const elsewhere = structuredClone(badge('good'));
for (const entry of elsewhere.credentialStatus) entry.statusListCredential += '-none';
await row('a list that is not there', elsewhere, false, 'altered');
must('status-list', 'check', 'interop');
if (badge('good').issuer.id !== did) throw new Error('not our badge');
process.exitCode = table.print() ? 0 : 1;
