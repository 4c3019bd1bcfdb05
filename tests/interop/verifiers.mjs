// Verifiers that nobody here wrote, each as one question: is this document good? They answer with
// "good", or the reason why not.
import {createHash, createPublicKey, verify as verifySignature} from 'node:crypto';

import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as jcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {verifyCredential as verifyByCore} from '@digitalcredentials/verifier-core';
import {decode as fromBase58} from 'base58-universal';
import jsonld from 'jsonld';

import {documentLoader} from './contexts.mjs';

const suites = {
  rdfc: () => new DataIntegrityProof({cryptosuite: rdfc}),
  jcs: () => new DataIntegrityProof({cryptosuite: jcs.createVerifyCryptosuite()}),
};

function reasonOf(error) {
  const causes = error?.errors?.length ? error.errors : [error];
  return causes.map((cause) => cause?.message ?? String(cause)).join('; ').split('\n')[0];
}

// It calls a list verified whatever the bit says, and leaves the bit to its caller.
async function byDigitalBazaar(credential, names) {
  const result = await vc.verifyCredential({
    credential: structuredClone(credential),
    suite: names.map((name) => suites[name]()),
    documentLoader,
    ...(credential.credentialStatus && {checkStatus}),
  });
  if (!result.verified) return reasonOf(result.error ?? result.statusResult?.error);
  const set = (result.statusResult?.results ?? []).filter((one) => one.status);
  if (set.length > 0)
    return set.map((one) => one.credentialStatus.statusPurpose).join(', ');
  return 'good';
}

// It writes to the console what it could not fetch.
async function silently(call) {
  const {error, log} = console;
  console.error = console.log = () => {};
  try {
    return await call();
  } finally {
    Object.assign(console, {error, log});
  }
}

// It tells the parts of its verdict and leaves the whole to its caller. Whether the issuer stands
// in somebody's list, and whether a JSON schema could be fetched, is not asked here.
async function byVerifierCore(credential) {
  const result = await silently(() => verifyByCore({
    credential: structuredClone(credential),
    knownDIDRegistries: [],
  }));
  if (result.errors?.length) return result.errors[0].message;
  const steps = Object.fromEntries((result.log ?? []).map((step) => [step.id, step]));
  if (!steps.valid_signature?.valid) return 'the signature is not valid';
  if (steps.expiration && !steps.expiration.valid) return 'expired';
  if (steps.revocation_status && !steps.revocation_status.valid) return 'revoked or not told';
  return 'good';
}

const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest();

const canonical = (document) => jsonld.canonize(document, {
  algorithm: 'RDFC-1.0', format: 'application/n-quads', safe: true, base: null, documentLoader,
});

function ed25519Key(multikey) {
  const spki = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'), fromBase58(multikey.slice(1)).slice(2)]);
  return createPublicKey({key: spki, format: 'der', type: 'spki'});
}

// The referee of canonical forms: N-Quads as jsonld makes them, hashed here, and the issuer's
// signature over the hashes checked by OpenSSL. It holds only if ours were the same to the byte.
async function byReferee(credential) {
  const {proof: proofs, ...document} = credential;
  const proof = proofs.find((each) => each.cryptosuite === 'eddsa-rdfc-2022');
  if (!proof) return 'no proof of eddsa-rdfc-2022';
  const {proofValue, ...options} = proof;
  const {document: method} = await documentLoader(proof.verificationMethod);
  try {
    const signed = Buffer.concat([
      sha256(await canonical({'@context': credential['@context'], ...options})),
      sha256(await canonical(document))]);
    const value = fromBase58(proofValue.slice(1));
    const isGood = verifySignature(null, signed, ed25519Key(method.publicKeyMultibase), value);
    return isGood ? 'good' : 'the signature is over other N-Quads';
  } catch (error) {
    return reasonOf(error);
  }
}

export const verifiers = {
  'vc rdfc': (credential) => byDigitalBazaar(credential, ['rdfc']),
  'vc jcs': (credential) => byDigitalBazaar(credential, ['jcs']),
  'vc both': (credential) => byDigitalBazaar(credential, ['rdfc', 'jcs']),
  'core': byVerifierCore,
  'jsonld': byReferee,
};
