// Makes the same renditions as the shop: node render.mjs FOLDER EFFORT together|singly FILE...
// EFFORT is that of AVIF and WebP; "default" leaves it to sharp.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const [folder, effort, how, ...files] = process.argv.slice(2);
const options = effort === 'default' ? {} : { effort: Number(effort) };
const ladder = [1920, 1280, 960, 640, 320, 160];

for (const [n, file] of files.entries()) {
	const to = join(folder, String(n));
	mkdirSync(to, { recursive: true });
	const { width: own } = await sharp(file).metadata();
	const jobs = [];
	for (const width of ladder.filter((w) => w <= own)) {
		const resized = sharp(file).autoOrient().resize({ width, withoutEnlargement: true });
		jobs.push(
			() => resized.clone().avif({ quality: 55, ...options }).toFile(join(to, `${width}.avif`)),
			() => resized.clone().webp({ quality: 75, ...options }).toFile(join(to, `${width}.webp`)),
			() => resized.clone().flatten({ background: '#fff' }).jpeg({ quality: 80 }).toFile(join(to, `${width}.jpg`)),
		);
	}
	if (how === 'together') {
		await Promise.all(jobs.map((job) => job()));
	} else {
		for (const job of jobs) await job();
	}
}
