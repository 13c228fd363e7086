/**
 * A script as the shell of a node reads it: editors on Windows leave a byte order mark and carriage returns, which a shell
 * takes for parts of words.
 */
export const scriptText = (text: string): string => text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
