// Prints evm.json: what the library ethers, which shares no code with this project, makes of fixed
// keys and messages. `npm install ethers@6.17.0 && node make_evm.mjs > evm.json`
import { createHash } from 'node:crypto';
import { Transaction, Wallet, hashMessage, keccak256, hexlify, encodeRlp, toBeArray } from 'ethers';

const bare = (hex) => hex.slice(2);
const bytes = (count) => Uint8Array.from({ length: count }, (_, at) => (at * 7 + count) % 256);
const secretOf = (seed) => createHash('sha256').update(seed).digest('hex');

// The hashes of all lengths up to beyond two blocks of 136 bytes.
const keccak = Array.from({ length: 280 }, (_, count) => bare(keccak256(bytes(count))));

const secrets = [
  '4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318',
  '0000000000000000000000000000000000000000000000000000000000000001',
  'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140',
  ...['one', 'two', 'three'].map(secretOf),
];
const keys = secrets.map((secret) => {
  const wallet = new Wallet('0x' + secret);
  return {
    secret,
    address: wallet.address.toLowerCase(),
    point: bare(wallet.signingKey.publicKey).slice(2),
  };
});

const messages = ['Some data', '', 'hello world', 'é'.repeat(60), 'x'.repeat(1000)];
const personal = [];
for (const [at, message] of messages.entries()) {
  const secret = secrets[at % secrets.length];
  const wallet = new Wallet('0x' + secret);
  personal.push({
    secret,
    message: Buffer.from(message).toString('hex'),
    hash: bare(hashMessage(message)),
    signature: bare(await wallet.signMessage(message)),
  });
}

const transactions = [];
const wei = 1000000000n;
const cases = [
  { chainId: 11155111n, nonce: 0, gasLimit: 21512n, maxFeePerGas: 30n * wei, maxPriorityFeePerGas: wei, value: 0n, data: '0x' + secretOf('root') },
  { chainId: 1n, nonce: 127, gasLimit: 21000n, maxFeePerGas: 1n, maxPriorityFeePerGas: 0n, value: 0n, data: '0x' },
  { chainId: 1n, nonce: 128, gasLimit: 30000000n, maxFeePerGas: 2n ** 64n - 1n, maxPriorityFeePerGas: 2n ** 63n, value: 0n, data: '0x7f' },
  { chainId: 2n ** 63n - 1n, nonce: 2 ** 32, gasLimit: 256n, maxFeePerGas: 255n, maxPriorityFeePerGas: 255n, value: 10n ** 18n, data: '0x80' },
  { chainId: 31337n, nonce: 9, gasLimit: 60000n, maxFeePerGas: 1000n, maxPriorityFeePerGas: 1000n, value: 0n, data: hexlify(bytes(55)) },
  { chainId: 31337n, nonce: 10, gasLimit: 60000n, maxFeePerGas: 1000n, maxPriorityFeePerGas: 1000n, value: 1n, data: hexlify(bytes(56)) },
  { chainId: 31337n, nonce: 11, gasLimit: 90000n, maxFeePerGas: 1000n, maxPriorityFeePerGas: 7n, value: 0n, data: hexlify(bytes(300)) },
];
for (const [at, fields] of cases.entries()) {
  const wallet = new Wallet('0x' + secrets[at % secrets.length]);
  const to = at % 2 === 0 ? wallet.address : new Wallet('0x' + secrets[3]).address;
  const unsigned = Transaction.from({ ...fields, type: 2, to });
  const signed = Transaction.from(await wallet.signTransaction(unsigned));
  transactions.push({
    secret: secrets[at % secrets.length],
    chain_id: String(fields.chainId),
    nonce: String(fields.nonce),
    tip: String(fields.maxPriorityFeePerGas),
    fee_max: String(fields.maxFeePerGas),
    gas: String(fields.gasLimit),
    to: to.toLowerCase(),
    value: String(fields.value),
    data: bare(fields.data),
    signing_hash: bare(unsigned.unsignedHash),
    raw: bare(signed.serialized),
    hash: bare(signed.hash),
  });
}

// What an encoder must write for integers and for strings around each change of form.
const rlp = [
  ...[0n, 1n, 127n, 128n, 255n, 256n, 2n ** 32n, 2n ** 64n - 1n].map((value) => ({
    integer: String(value),
    encoded: bare(encodeRlp(value === 0n ? '0x' : hexlify(toBeArray(value)))),
  })),
  ...[0, 1, 2, 54, 55, 56, 57, 255, 256, 65535, 65536].map((count) => ({
    string: Buffer.from(bytes(count)).toString('hex'),
    encoded: bare(encodeRlp(hexlify(bytes(count)))),
  })),
].map((entry) => (entry.encoded.length > 1200 ? { ...entry, string: entry.string.length / 2, encoded: entry.encoded.slice(0, 8) } : entry));

console.log(JSON.stringify({ keccak, keys, personal, transactions, rlp }, null, 1));
