/** The kinds of plugin that can be made, with what their READMEs and manifests say of each, whatever the language. */

export interface KindRow {
  /** What one of this kind does, for the help of the command: `drives machines of a cloud`. */
  does: string;
  /** Goes on from "A plugin for Annelid that" in its README; a template as the files are. */
  about: string;
  /** `summary` in its manifest. */
  summary: string;
  /** What its README says is to be done before a daemon has it. */
  before?: string;
  /** What its connector has in `annelid.yaml` beside `plugin`: lines of YAML. */
  instance: readonly string[];
  /** Commands that try it, once a daemon has it. */
  use: readonly string[];
  /** Whether it publishes a service that has its name. */
  publishes: boolean;
  /** What else its README says, behind these. */
  notes?: string;
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
  accounting: {
    does: 'writes down what machines have used, for those who bill it',
    about:
      'is told what machines have used. For a start it writes that into a file; what it does with an entry is in `{{program}}`, and what an entry has is in\n{{calls}}.',
    summary: 'What machines have used, in the books of sample-plugin.',
    instance: ['accounting: true', 'config: { file: books.data }'],
    use: ['annelid usage list'],
    publishes: false,
    notes: `shows what it is told, the oldest first. What it has answered for does not come again; where the daemon has not heard the answer it does, so an entry is known by its
\`id\`, and must be where it outlives the process before it is answered. When your accounting is in the place of the file, say as \`check.books\` in \`manifest.json\` what shows the
entries that it has, such as \`["psql", "-Atc", "select row_to_json(usage) from usage"]\`: the check then sees that none is lost, none is counted twice, whenever the plugin is killed, and each is as it was told.`,
    check: { config: { file: '{scratch}/books' }, books: '{scratch}/books' },
    ignored: ['books.*'],
  },
  directory: {
    does: 'knows people, who log in with the passwords that they have there',
    about:
      'knows people, who log in to the daemon with the passwords that they have there. For a start they are in a file; the two calls are in `{{program}}`, and what each gets and answers is in\n{{calls}}.',
    summary: 'People whom sample-plugin knows log in.',
    before: `Somebody must be in its file first: where
\`annelid.yaml\` is, this adds ann, and asks for her password:

\`\`\`sh
read -rsp 'Password: ' password
(umask 077 && printf 'ann:acme:user:%s\\n' "$(printf %s "$password" | {{hash}})" >>sample-plugin/people)
\`\`\`

`,
    instance: ['directory: { role: user }', 'config: { file: people }'],
    use: ['ANNELID_USER=ann ANNELID_PASSWORD="$password" annelid session whoami'],
    publishes: false,
    notes: `shows who she is to the daemon. The file has a line of \`LOGIN:ACCOUNT:ROLE:HASH\` for each of them; the role is
\`reader\`, \`user\` or \`admin\`, and \`directory.role\` of the connector is the highest that the daemon takes from there. The daemon asks from time to time whether somebody is still there, so
whoever is taken out of the file is out. \`people.example\` is for the check alone: its password stands in \`manifest.json\`. When your directory is in the place of the file, name
somebody of a test directory there.`,
    check: {
      config: { file: 'people.example' },
      login: { login: 'ann', secret: 'correct horse battery staple', account: 'acme', role: 'user' },
    },
    ignored: ['people'],
  },
} as const satisfies Record<string, KindRow>;
export type Kind = keyof typeof kinds;
