import { diallingSuite, withoutTlsSuite } from './dialling.ts';
import { languages } from './languages.ts';

for (const language of languages) diallingSuite(language);

const called = (id: string) => languages.find((language) => language.id === id)!;
withoutTlsSuite(called('perl'), /needs the module IO::Socket::SSL, .*libio-socket-ssl-perl\)\.$/);
withoutTlsSuite(called('tcl'), /needs the package tls, .*tcl-tls\)\.$/);
