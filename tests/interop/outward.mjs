// Badges of ours, as issued and altered, under verifiers that nobody here wrote.
import {randomUUID} from 'node:crypto';

import {addMembers} from './contexts.mjs';
import {
  chancery, documentOf, issue, issueFile, members, verify, withoutStatus, write,
} from './chancery.mjs';
import {refused} from './offline.mjs';
import {Table} from './table.mjs';
import {verifiers} from './verifiers.mjs';

const names = Object.keys(verifiers);

// What each says: 'good' or 'bad', and our verdict in its own words.
const all = (word, ours) =>
  ({...Object.fromEntries(names.map((name) => [name, word])), chancery: ours});
const good = (ours) => all('good', ours);
const bad = (ours) => all('bad', ours);

const suiteIs = (name) => (proof) => proof.cryptosuite === name;
const rdfc = suiteIs('eddsa-rdfc-2022');
const jcs = suiteIs('eddsa-jcs-2022');
const receipt = suiteIs('chancery-receipt-2026');
const isSignature = (proof) => !receipt(proof);

function edited(document, edit) {
  const copy = structuredClone(document);
  edit(copy);
  return copy;
}

// The badge with its subject, or anything of it, altered after it was issued.
const altered = (edit) => edited(badge, edit);

const keeping = (document, ...kinds) => edited(document, (copy) => {
  copy.proof = copy.proof.filter((proof) => kinds.some((is) => is(proof)));
});

// The last digit but one of a signature: every value of it still decodes.
function bend(proof) {
  const value = proof.proofValue;
  const digit = value.at(-2) === '2' ? '3' : '2';
  proof.proofValue = value.slice(0, -2) + digit + value.slice(-1);
}

// The same members from last to first, at every level.
function reversed(value) {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, each]) => [name, reversed(each)]));
}

const plain = withoutStatus(documentOf('badge/good-other.json'));
const again = () => ({...plain, id: `urn:uuid:${randomUUID()}`});
const badge = issue(plain);
const other = issue(again());
const full = issue(withoutStatus(documentOf('open-badges/ob3-full.unsigned.json')));
const micro = issue(withoutStatus(documentOf('badge/good.json')));
const listed = issue(documentOf('badge/good.json'));
const between = (validFrom, validUntil) => issue({...again(), validFrom, validUntil});
const expired = between('2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z');
const early = between('2099-01-01T00:00:00Z', '2100-01-01T00:00:00Z');

function revoked() {
  const path = write(again());
  const document = issueFile(path);
  const {status, said} = chancery('revoke', path, '--reason', 'issued_in_error');
  if (status !== 0) throw new Error(`revoke: ${JSON.stringify(said)}`);
  return document;
}

const cases = [
  ['as issued', badge, good('valid')],
  ['members in another order', reversed(badge), good('valid')],
  ['every member of Open Badges', full, good('valid')],
  ['a micro-credential', micro, good('valid')],
  ['with status entries', listed, {jsonld: 'good', chancery: 'valid'}],
  ['eddsa-rdfc-2022 alone', keeping(badge, rdfc, receipt), {...good('valid'), 'vc jcs': 'bad'}],
  ['eddsa-jcs-2022 alone', keeping(badge, jcs, receipt),
    {...bad('valid'), 'vc jcs': 'good', 'vc both': 'good'}],
  ['without its receipt', keeping(badge, rdfc, jcs), good('cannot tell')],
  ['receipt alone', keeping(badge, receipt), bad('valid')],
  ['title altered', altered((copy) => { copy.credentialSubject.achievement.name += '!'; }),
    bad('altered')],
  ['another recipient', altered((copy) => { copy.credentialSubject.id = 'did:example:eve'; }),
    bad('altered')],
  ['another issuer', altered((copy) => { copy.issuer.id = 'did:example:eve'; }), bad('altered')],
  ['longer valid', altered((copy) => { copy.validUntil = '2099-01-01T00:00:00Z'; }),
    bad('altered')],
  ['a member more', altered((copy) => { copy.credentialSubject.grade = '10'; }), bad('altered')],
  ['a member less', altered((copy) => { delete copy.credentialSubject.result; }), bad('altered')],
  ['rdfc signature altered', altered((copy) => bend(copy.proof.find(rdfc))),
    {...bad('altered'), 'vc jcs': 'good', 'vc both': 'good'}],
  ['jcs signature altered', altered((copy) => bend(copy.proof.find(jcs))),
    {...good('altered'), 'vc jcs': 'bad'}],
  ['signed at another time', altered((copy) => {
    for (const proof of copy.proof.filter(isSignature)) proof.created = '2020-01-01T00:00:00Z';
  }), bad('altered')],
  ['for another purpose', altered((copy) => {
    for (const proof of copy.proof.filter(isSignature)) proof.proofPurpose = 'authentication';
  }), bad('altered')],
  ['signatures of another badge', altered((copy) => {
    copy.proof = [...other.proof.filter(isSignature), badge.proof.find(receipt)];
  }), bad('altered')],
  ['receipt of another badge', altered((copy) => {
    copy.proof = [...badge.proof.filter(isSignature), other.proof.find(receipt)];
  }), good('altered')],
  ['expired', expired, {...bad('expired'), jsonld: 'good'}],
  ['not yet valid', early, {...bad('not yet valid'), jsonld: 'good'}],
  // Others learn of this from Bitstring status lists alone, and these badges name none.
  ['revoked in the registry', revoked(), good('revoked')],
];

addMembers(members);
const isVerbose = process.env.INTEROP_VERBOSE !== undefined;
const table = new Table([...names, 'chancery']);
for (const [name, document, wanted] of cases) {
  const said = {chancery: verify(document)};
  for (const verifier of names) {
    if (wanted[verifier] === undefined) continue;
    const answer = await verifiers[verifier](document);
    if (isVerbose) console.error(`${name}: ${verifier}: ${answer}`);
    said[verifier] = answer === 'good' ? 'good' : 'bad';
  }
  table.add(name, said, wanted);
}
const isAsWanted = table.print();

// verifier-core would fetch the JSON schema of 1EdTech, and goes on without.
const asked = refused.filter((place) => !place.startsWith('https://purl.imsglobal.org/'));
if (asked.length > 0) console.error(`interop: the network was asked for ${asked.join(', ')}`);
process.exitCode = isAsWanted && asked.length === 0 ? 0 : 1;
