// Badges baked into PNGs, as programs see them that know pictures and nothing of badges: the
// picture is whole, and its text chunk holds the badge to the byte.
import {spawnSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {chancery, documentOf, issueFile, withoutStatus, work, write} from './chancery.mjs';
import {Table} from './table.mjs';

function must(...words) {
  const {status, said} = chancery(...words);
  if (status !== 0) throw new Error(`${words.join(' ')}: ${JSON.stringify(said)}`);
  return said;
}

const table = new Table(['pngcheck', 'exiftool', 'chancery']);
const good = {pngcheck: 'good', exiftool: 'the same text', chancery: 'valid'};

function byPngcheck(path) {
  const run = spawnSync('pngcheck', ['-q', path], {encoding: 'utf8'});
  return run.status === 0 && run.stdout === '' ? 'good' : 'bad';
}

function byExiftool(path, text) {
  const run = spawnSync('exiftool', ['-json', '-b', '-PNG:all', path], {encoding: 'utf8'});
  if (run.status !== 0) return 'bad';
  const [tags] = JSON.parse(run.stdout);
  return tags.Openbadgecredential === text ? 'the same text' : 'another text';
}

function bytesWith(path, change) {
  const bytes = readFileSync(path);
  change(bytes);
  const changed = `${path}.changed.png`;
  writeFileSync(changed, bytes);
  return changed;
}

const path = write(withoutStatus(documentOf('badge/good-other.json')));
issueFile(path);
const plain = join(work, 'plain.png');
const baked = join(work, 'baked.png');
must('badge', 'qr', 'https://uni-a.example/badges/ana', '--out', plain);
must('badge', 'bake', path, '--image', plain, '--out', baked);
const text = must('badge', 'extract', baked).credential;
const judged = (picture) => {
  const {said} = chancery('verify', picture);
  return said.verdict ?? said.error.code;
};
table.add('a document', {
  pngcheck: byPngcheck(baked), exiftool: byExiftool(baked, text), chancery: judged(baked)}, good);
must('badge', 'bake', path, '--image', baked, '--out', baked);
table.add('baked twice', {
  pngcheck: byPngcheck(baked), exiftool: byExiftool(baked, text), chancery: judged(baked)}, good);
const bent = bytesWith(baked, (bytes) => { bytes[bytes.indexOf('validFrom')] ^= 1; });
table.add('a byte changed', {pngcheck: byPngcheck(bent), chancery: judged(bent)},
  {pngcheck: 'bad', chancery: 'invalid'});
process.exitCode = table.print() ? 0 : 1;
