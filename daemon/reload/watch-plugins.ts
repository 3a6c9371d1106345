/** Replaces the processes of connectors when their programs change: for those who write plugins. */
import { stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import type { Config, ConnectorConfig } from '../config/config.ts';
import { pluginDirectoriesOf } from '../config/plugins.ts';
import type { Log } from '../core/ports.ts';
import { locatePlugin } from '../host/program/locate.ts';
import { asSentence } from '../host/sentence.ts';
import type { Reload } from './reload.ts';
import { type FileWatch, type Watched, watchFiles } from './watch-files.ts';

type WatchedConfig = Pick<Config, 'connectors' | 'pluginDirectories'>;

export interface PluginWatch {
  /** Watch the programs of those connectors that are to be watched, and no others. */
  attend(config: WatchedConfig): void;
  close(): void;
}

/**
 * A file that changes so many times in a row, each within so many milliseconds after the plugin was started, is written by
 * the plugin itself.
 */
const mostInARow = 5;
const afterStartMs = 500;

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** What a command names by its path. */
const pathsIn = (command: readonly string[], folder: string): string[] =>
  command.filter((word) => word.includes('/')).map((word) => resolve(folder, word));

/** What the program of a connector consists of; rejects with an `Error` that says why nobody can tell. */
const programOf = async ({ plugin, command }: ConnectorConfig, directories: readonly string[]): Promise<Watched> => {
  if (command !== undefined) {
    const paths = await Promise.all(pathsIn(command, '.').map(async (path) => ((await isFile(path)) ? [path] : [])));
    const files = paths.flat();
    if (files.length > 0) return { files };
    throw new Error('Its command names no file by its path.');
  }
  const { folder, script } = await locatePlugin(plugin, directories);
  if (script !== undefined) return { files: [script] };
  let last: readonly string[] = [];
  const named = async () => {
    try {
      const { command: words } = await locatePlugin(plugin, directories);
      last = pathsIn(words, folder).filter((path) => path.startsWith(`${folder}${sep}`));
    } catch {
      // A manifest that is wrong names none: those of before still are.
    }
    return last;
  };
  return { folder, named };
};

/** Connectors whose program is the same. */
interface Following {
  program: Watched;
  connectors: string[];
}

export const createPluginWatch = (reload: Reload, log: Log): PluginWatch => {
  const open = new Map<string, { following: Following; close: () => void }>();
  let isClosed = false;

  /** How it went, the reload tells in the log and in the state of the connectors. Some share a process: that is replaced once. */
  const replace = async (connectors: readonly string[]) => {
    const done = new Set<string>();
    for (const connector of connectors) {
      if (done.has(connector)) continue;
      try {
        for (const { connector: name } of await reload(connector)) done.add(name);
      } catch (error) {
        log.error({ connector, reason: (error as Error).message }, 'A connector could not be replaced.');
      }
    }
  };

  const follow = async (following: Following, over: AbortSignal) => {
    const inARow = new Map<string, number>();
    let replaced = Number.NEGATIVE_INFINITY;
    let isTaking = false;
    let isStirred = false;
    /** Of what has changed, what is not written by the plugin itself each time that it is started. */
    const meantOf = (changed: readonly string[]): string[] => {
      if (performance.now() - replaced > afterStartMs) inARow.clear();
      for (const file of changed) inARow.set(file, (inARow.get(file) ?? 0) + 1);
      const own = changed.filter((file) => inARow.get(file)! > mostInARow);
      if (own.length > 0) {
        const facts = { connectors: following.connectors, files: own };
        log.warn(facts, 'Files that change whenever the plugin is started do not replace it.');
      }
      return changed.filter((file) => !own.includes(file));
    };
    const take = async (files: FileWatch) => {
      do {
        isStirred = false;
        const meant = meantOf(await files.changed());
        if (meant.length === 0 || over.aborted) continue;
        log.info({ connectors: following.connectors, files: meant }, 'The program has changed.');
        await replace(following.connectors);
        replaced = performance.now();
      } while (isStirred && !over.aborted);
    };
    const files: FileWatch = await watchFiles(following.program, {
      onStir() {
        isStirred = true;
        if (isTaking) return;
        isTaking = true;
        void take(files).finally(() => {
          isTaking = false;
        });
      },
      onTrouble({ message }) {
        log.warn({ connectors: following.connectors, reason: message }, 'The program cannot be watched.');
      },
    });
    if (over.aborted) files.close();
    else over.addEventListener('abort', () => files.close());
    log.info({ connectors: following.connectors }, 'The program is watched.');
  };

  const programsOf = async (config: WatchedConfig): Promise<Map<string, Following>> => {
    const found = new Map<string, Following>();
    const add = (program: Watched, connector: string) => {
      const key = 'folder' in program ? program.folder : JSON.stringify(program.files);
      const following = found.get(key) ?? { program, connectors: [] };
      following.connectors.push(connector);
      found.set(key, following);
    };
    const directories = pluginDirectoriesOf(config);
    for (const connector of config.connectors.filter(({ watch }) => watch)) {
      try {
        add(await programOf(connector, directories), connector.name);
      } catch (error) {
        // A manifest that is wrong is about to be mended: what was watched before still is.
        const before = [...open.values()].find(({ following }) => following.connectors.includes(connector.name));
        if (before !== undefined) {
          add(before.following.program, connector.name);
          continue;
        }
        const reason = asSentence((error as Error).message);
        log.warn({ connectors: [connector.name], reason }, 'The program cannot be watched.');
      }
    }
    return found;
  };

  const attend = async (config: WatchedConfig) => {
    const wanted = await programsOf(config);
    for (const [key, { close }] of open) {
      if (wanted.has(key)) continue;
      close();
      open.delete(key);
    }
    for (const [key, following] of wanted) {
      const before = open.get(key);
      if (before !== undefined) before.following.connectors = following.connectors;
      if (before !== undefined || isClosed) continue;
      const over = new AbortController();
      open.set(key, { following, close: () => over.abort() });
      await follow(following, over.signal);
    }
  };

  let attending = Promise.resolve();
  return {
    attend(config) {
      attending = attending.then(() => attend(config));
    },
    close() {
      isClosed = true;
      for (const { close } of open.values()) close();
    },
  };
};
