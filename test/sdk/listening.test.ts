import { languages } from './languages.ts';
import { listeningSuite, tlsListeningSuite } from './listening.ts';

// Tcl's core has no unix sockets.
for (const language of languages.filter(({ id }) => id !== 'tcl')) listeningSuite(language);
for (const language of languages) tlsListeningSuite(language);
