/** `##vso[area.event name=value;name=value]data` (agent: Command.cs). */
export interface Command {
  readonly area: string;
  readonly event: string;
  readonly data: string;
  /** Property names are found whatever their case. */
  property(name: string): string | undefined;
}

const prefix = '##vso[';

/** Finds a command anywhere in a line, as the agent does; nothing where there is none. */
export function parseCommand(line: string): Command | undefined {
  const start = line.indexOf(prefix);
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  const info = line.slice(start + prefix.length, end);
  const space = info.indexOf(' ');
  const [area, event, ...others] = (space < 0 ? info : info.slice(0, space)).split('.').filter((part) => part !== '');
  if (area === undefined || event === undefined || others.length > 0) return undefined;
  const properties = space < 0 ? new Map<string, string>() : parseProperties(info.slice(space + 1));
  return {
    area,
    event,
    data: unescapeData(line.slice(end + 1)),
    property: (name) => properties.get(name.toLowerCase()),
  };
}

function parseProperties(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const part of text.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && at < part.length - 1)
      properties.set(part.slice(0, at).toLowerCase(), unescapeData(part.slice(at + 1)));
  }
  return properties;
}

/** The percent sign comes last, so that an escaped escape stays a text (agent: CommandStringConvertor.cs). */
function unescapeData(text: string): string {
  return text
    .replaceAll('%3B', ';')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%5D', ']')
    .replaceAll('%AZP25', '%');
}
