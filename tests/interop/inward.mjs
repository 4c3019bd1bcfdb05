// Badges that others' software signed with the member's key, under ours: they are registered with
// the signature that they bring, and judged by it.
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as jcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';

import {addMembers, documentLoader} from './contexts.mjs';
import {
  chancery, did, documentOf, issue, keyFolder, members, verify, withoutStatus, write,
} from './chancery.mjs';
import {assertionKey, strangersKey} from './keys.mjs';
import {Table} from './table.mjs';

const suites = {rdfc, jcs: jcs.createSignCryptosuite()};

async function signed(document, key, ...names) {
  let credential = structuredClone(document);
  for (const name of names) {
    const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite: suites[name]});
    credential = await vc.issue({credential, suite, documentLoader});
  }
  return credential;
}

addMembers(members);
const ours = await assertionKey(did, keyFolder);
const strangers = await strangersKey(did);
const document = (vector) => withoutStatus(documentOf(vector));

const proofsOf = (credential) => [credential.proof].flat();

// Registered as it came: the signatures still the first ones, and no other added.
function registered(credential) {
  const issued = issue(credential);
  const kept = issued.proof.slice(0, -1);
  const isKept = JSON.stringify(kept) === JSON.stringify(proofsOf(credential));
  return {issued, issue: isKept ? 'kept' : 'signed anew'};
}

function refusal(credential) {
  const {status, said} = chancery('issue', 'one', write(credential));
  return status === 0 ? 'taken' : `refused: ${said.error.code}`;
}

const table = new Table(['issue', 'verify', 'altered']);
const good = {issue: 'kept', verify: 'valid', altered: 'altered'};
for (const [name, vector, ...names] of [
  ['eddsa-rdfc-2022', 'badge/good.json', 'rdfc'],
  ['eddsa-jcs-2022', 'badge/good.json', 'jcs'],
  ['a proof set', 'badge/good-other.json', 'rdfc', 'jcs'],
  ['every member of Open Badges', 'open-badges/ob3-full.unsigned.json', 'rdfc', 'jcs'],
]) {
  const {issued, issue} = registered(await signed(document(vector), ours, ...names));
  const altered = structuredClone(issued);
  altered.credentialSubject.achievement.name += '!';
  table.add(name, {issue, verify: verify(issued), altered: verify(altered)}, good);
}

const altered = await signed(document('badge/good.json'), ours, 'rdfc', 'jcs');
altered.credentialSubject.creditsEarned = 30;
const refused = {issue: 'refused: invalid'};
table.add('altered before it is registered', {issue: refusal(altered)}, refused);
const forged = await signed(document('badge/good.json'), strangers, 'rdfc');
table.add("by a stranger's key", {issue: refusal(forged)}, refused);
process.exitCode = table.print() ? 0 : 1;
