/** The kinds of plugin that can be made, with what their READMEs and manifests say of each, whatever the language. */

export interface KindRow {
  /** What one of this kind does, for the help of the command: `drives machines of a cloud`. */
  does: string;
  /** Goes on from "A plugin for Annelid that" in its README; a template as the files are. */
  about: string;
  /** `summary` in its manifest. */
  summary: string;
  /** What its connector has in `annelid.yaml` beside `plugin`: lines of YAML. */
  instance: readonly string[];
  /** Commands that try it, once a daemon has it. */
  use: readonly string[];
  /** Whether it publishes a service that has its name. */
  publishes: boolean;
  /** `check` in its manifest. */
  check?: object;
  /** What it writes in its folder, for `.gitignore`. */
  ignored: readonly string[];
}

export const kinds = {
  compute: {
    does: 'drives machines of a cloud',
    about:
      'drives machines. For a start it keeps them in a file; its calls are in `{{program}}`, and what each gets and answers is in\n{{calls}}.',
    summary: 'Machines of sample-plugin.',
    instance: ['config: { file: machines.data }'],
    use: ['annelid vm create web1 --connector sample-plugin --start --wait', 'annelid vm list'],
    check: { config: { file: '{scratch}/machines' } },
    publishes: false,
    ignored: ['machines.*'],
  },
  storage: {
    does: 'brings volumes of a storage',
    about:
      'brings the volumes of a storage, and publishes methods that make and remove them. For a start it keeps them in a file; its calls are in `{{program}}`, and what `storage.list` answers is in\n{{calls}}.',
    summary: 'Volumes of sample-plugin.',
    instance: ['config: { file: volumes.data }'],
    use: ['annelid samplePlugin create data1 1024', 'annelid volume list'],
    check: { config: { file: '{scratch}/volumes' } },
    publishes: true,
    ignored: ['volumes.*'],
  },
  network: {
    does: 'brings networks that machines can be connected to',
    about:
      'brings networks, and publishes methods that make and remove them. For a start it keeps them in a file; its calls are in `{{program}}`, and what `network.list` answers is in\n{{calls}}.',
    summary: 'Networks of sample-plugin.',
    instance: ['config: { file: networks.data }'],
    use: [`annelid samplePlugin create blue '["10.1.0.0/16"]'`, 'annelid network list'],
    check: { config: { file: '{scratch}/networks' } },
    publishes: true,
    ignored: ['networks.*'],
  },
  service: {
    does: 'publishes methods of its own',
    about:
      'publishes a service of its own, `samplePlugin`: its methods are on every wire of the daemon, and in its documentation. They are in `{{program}}`.',
    summary: 'A service that sample-plugin publishes.',
    instance: [],
    use: ['annelid samplePlugin greet Ann'],
    publishes: true,
    ignored: [],
  },
} as const satisfies Record<string, KindRow>;
export type Kind = keyof typeof kinds;
