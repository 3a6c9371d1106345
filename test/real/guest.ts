/**
 * A guest that boots in seconds, also without hardware virtualization: Debian's cloud kernel with busybox as its only
 * program. Made once and kept in `test/.work/`.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';

export interface Guest {
  /** A directory with the files below, and nothing else. */
  directory: string;
  /** File names in `directory`. */
  kernel: string;
  initrd: string;
  /** An empty qcow2 image of 16 MiB. */
  disk: string;
  commandLine: string;
}

/** What the guest writes to its serial console when it has booted; the group is unique for each boot. */
export const bootMarker = /ANNELID-GUEST-READY boot=([0-9a-f-]{36})/g;

const work = join(import.meta.dirname, '../.work');
const metaPackage = 'linux-image-cloud-amd64';
// In the order in which they can be inserted.
const modules = [
  'drivers/virtio/virtio_ring.ko',
  'drivers/virtio/virtio.ko',
  'drivers/virtio/virtio_pci_modern_dev.ko',
  'drivers/virtio/virtio_pci_legacy_dev.ko',
  'drivers/virtio/virtio_pci.ko',
  'drivers/block/virtio_blk.ko',
  'drivers/input/evdev.ko',
  'drivers/acpi/button.ko',
];

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Unpacks, without installing, the kernel package that the meta package stands for. */
const unpackKernel = async (into: string): Promise<void> => {
  const depends = async () => (await execa('apt-cache', ['depends', metaPackage], { reject: false })).stdout;
  const real = /Depends: (linux-image-\S+)/;
  let name = real.exec(await depends())?.[1];
  if (name === undefined) {
    await execa('apt-get', ['-q', 'update'], { reject: false });
    name = real.exec(await depends())?.[1];
  }
  if (name === undefined) throw new Error(`The guest needs Debian's package ${metaPackage}, and apt does not know it.`);
  const download = () => execa('apt-get', ['-q', 'download', name], { cwd: into });
  await download().catch(async () => {
    await execa('apt-get', ['-q', 'update']);
    await download();
  });
  const file = (await readdir(into)).find((entry) => entry.endsWith('.deb'));
  await execa('dpkg-deb', ['-x', String(file), 'package'], { cwd: into });
};

const only = async (directory: string, startsWith: string): Promise<string> => {
  const name = (await readdir(directory)).find((entry) => entry.startsWith(startsWith));
  if (name === undefined) throw new Error(`The kernel package has no ${startsWith} in ${basename(directory)}.`);
  return join(directory, name);
};

const build = async (into: string, init: string): Promise<void> => {
  const scratch = join(into, 'scratch');
  const root = join(scratch, 'root');
  for (const name of ['bin', 'dev', 'proc', 'sys', 'lib']) await mkdir(join(root, name), { recursive: true });
  await unpackKernel(scratch);
  await copyFile(await only(join(scratch, 'package/boot'), 'vmlinuz-'), join(into, 'vmlinuz'));
  const version = await only(join(scratch, 'package/lib/modules'), '');
  for (const module of modules) await copyFile(join(version, 'kernel', module), join(root, 'lib', basename(module)));
  await writeFile(join(root, 'lib/order'), modules.map((module) => `${basename(module)}\n`).join(''));
  await copyFile('/bin/busybox', join(root, 'bin/busybox'));
  await writeFile(join(root, 'init'), init, { mode: 0o755 });
  await execa('sh', ['-c', 'find . | cpio --quiet -o -H newc -R 0:0 | gzip -1 >../../initrd.img'], { cwd: root });
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', join(into, 'disk.qcow2'), '16M']);
  await rm(scratch, { recursive: true });
};

/** The guest's files; the first call of all makes them, which takes a download of 30 MB. */
export const guest = async (): Promise<Guest> => {
  const init = await readFile(join(import.meta.dirname, 'guest-init.sh'), 'utf8');
  const digest = createHash('sha256').update(init).update(modules.join()).digest('hex').slice(0, 12);
  const directory = join(work, `guest-${digest}`);
  if (!(await exists(directory))) {
    await mkdir(work, { recursive: true });
    const making = await mkdtemp(join(work, 'making-'));
    try {
      await build(making, init);
      // Another run may have been quicker; its guest is as good as ours.
      await rename(making, directory).catch(async (error: unknown) => {
        if (!(await exists(directory))) throw error;
      });
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  }
  return {
    directory,
    kernel: 'vmlinuz',
    initrd: 'initrd.img',
    disk: 'disk.qcow2',
    commandLine: 'console=ttyS0 quiet panic=-1',
  };
};
