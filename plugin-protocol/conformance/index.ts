/** The conformance program: every clause of PROTOCOL.md against a plugin, as a function of its own. */
export { clauses } from './clauses/index.ts';
export { type AddressSubject, NoPlugin, type ProgramSubject, type Subject, type TlsFiles } from './process/carrier.ts';
export { junitReport } from './report/junit.ts';
export type { Report } from './report/report.ts';
export { textReport } from './report/text.ts';
export { type Check, checkPlugin, defaultPatience, unknownClauses } from './run.ts';
