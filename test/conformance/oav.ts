import { LiveValidator } from 'oav/dist/lib/liveValidation/liveValidator.js';
import { log } from 'oav/dist/lib/util/logging.js';
import type { Finding, Pair } from './pair.ts';

/** What oav says of an exchange, read as one of this api-version. */
export type Oav = (pair: Pair, version: string) => Promise<readonly Finding[]>;

/** Gives oav the documents; each operation's schemas are compiled when it is first asked about. */
export async function openOav(directory: string): Promise<Oav> {
  log.consoleLogLevel = 'off'; // its own voice, beside the one that it is given
  const validator = new LiveValidator(
    {
      directory,
      swaggerPathsPattern: ['specification/**/*.json'],
      excludedSwaggerPathsPattern: ['**/examples/**/*', '**/common-types/**/*'],
      isPathCaseSensitive: false,
      isArmCall: true,
      loadValidatorInBackground: false, // it would compile all 49 files, whether somebody calls them or not
      loadValidatorInInitialize: false,
    },
    () => {},
  );
  await quietly(() => validator.initialize());
  return (pair, version) => ask(validator, pair, version);
}

/** While it reads them it prints the one word "error" for each member of `paths` that is no operation. */
async function quietly(work: () => Promise<void>): Promise<void> {
  const print = console.error;
  console.error = (...words) => {
    if (words[0] !== 'error') print(...words);
  };
  try {
    await work();
  } finally {
    console.error = print;
  }
}

async function ask(validator: LiveValidator, pair: Pair, version: string): Promise<readonly Finding[]> {
  const query = { ...pair.query, 'api-version': version };
  const result = await validator.validateLiveRequestResponse({
    liveRequest: {
      method: pair.method,
      url: `https://management.azure.com${pair.path}?${new URLSearchParams(query)}`,
      query,
      headers: { 'content-type': 'application/json' },
      ...(pair.requestBody !== undefined && { body: pair.requestBody as Body }),
    },
    liveResponse: {
      statusCode: String(pair.status),
      headers: { 'content-type': 'application/json', ...pair.headers },
      ...(pair.responseBody !== undefined && { body: pair.responseBody as Body }),
    },
  });
  return [...read('request', result.requestValidationResult), ...read('response', result.responseValidationResult)];
}

/** oav's types say that bodies are objects; it looks at what is there itself. */
type Body = Record<string, unknown>;

type Result = Awaited<ReturnType<LiveValidator['validateLiveRequestResponse']>>['requestValidationResult'];

function read(part: Finding['part'], { errors, runtimeException }: Result): readonly Finding[] {
  if (runtimeException) return [{ part, code: runtimeException.code, message: runtimeException.message, at: '' }];
  return errors.flatMap(({ code, message, pathsInPayload }) =>
    (pathsInPayload.length > 0 ? pathsInPayload : ['']).map((at) => ({ part, code, message, at })),
  );
}
