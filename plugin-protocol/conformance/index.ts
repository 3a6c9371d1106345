/** The conformance program: every clause of PROTOCOL.md against a plugin, as a function of its own. */
export { type AddressSubject, NoPlugin, type ProgramSubject, type Subject, type TlsFiles } from './carrier.ts';
export { clauses } from './clauses/index.ts';
export type { Report } from './report.ts';
export { junitReport } from './report-junit.ts';
export { textReport } from './report-text.ts';
export { type Check, checkPlugin, defaultPatience, unknownClauses } from './run.ts';
