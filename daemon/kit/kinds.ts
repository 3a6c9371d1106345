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
    check: { config: { file: '{scratch}/machines' } },
    ignored: ['machines.*'],
  },
  service: {
    does: 'publishes methods of its own',
    about:
      'publishes a service of its own, `samplePlugin`: its methods are on every wire of the daemon, and in its documentation. They are in `{{program}}`.',
    summary: 'A service that sample-plugin publishes.',
    instance: [],
    ignored: [],
  },
} as const satisfies Record<string, KindRow>;
export type Kind = keyof typeof kinds;
