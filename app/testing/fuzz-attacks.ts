// What has been tried on programs of this kind: OWASP's lists in short, and values that parsers and databases stumble over.
const sql = ["' OR '1'='1", "'; DROP TABLE kernel.audit_entry; --", "1' UNION SELECT NULL,version()--", "' AND pg_sleep(0)--", '"; SELECT 1; --', "\\'; --", '$1', "E'\\x41'", '%_%', "1) OR (1=1", '; COPY kernel.account TO PROGRAM \'id\'', "admin'--", '/**/OR/**/1=1', 'CAST(0x41 AS text)'] // prettier-ignore
const script = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '<svg/onload=alert(1)>', 'javascript:alert(1)', "'-alert(1)-'", '</textarea><script>alert(1)</script>', '<iframe srcdoc="<script>alert(1)</script>">', '&#x6A;avascript:alert(1)', '<a href="data:text/html,<script>1</script>">x</a>', '\u2028alert(1)'] // prettier-ignore
const path = ['../../../../etc/passwd', '..%2f..%2fetc%2fpasswd', '..\\..\\windows\\win.ini', '/etc/passwd', 'file:///etc/passwd', '....//....//etc/passwd', '%00', 'a\u0000.png', '%c0%ae%c0%ae/', 'CON', '.', '..', '\\\\host\\share'] // prettier-ignore
const template = ['${7*7}', '{{7*7}}', '#{7*7}', '<%= 7*7 %>', '${jndi:ldap://127.0.0.1/a}', '{{constructor.constructor("return this")()}}', '*{7*7}', '@(1+1)', '=1+1', '=HYPERLINK("http://a","b")', '+1+cmd|\' /C calc\'!A0'] // prettier-ignore
const header = ['a\r\nset-cookie: x=1', 'a\nx-injected: 1', '%0d%0aset-cookie:%20x=1', '\r\n\r\n<html>', 'a\u0085b'] // prettier-ignore
const system = ['; id', '| id', '`id`', '$(id)', '& ping -n 1 127.0.0.1', '\n/bin/sh'] // prettier-ignore
const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'then', 'toJSON', 'length'] // prettier-ignore
const letters = ['\u0000', 'a\u0000b', '\ud800', 'a\udc00b', '\ufeff', '\u202e', '\u200b', '👨‍👩‍👧‍👦', '㐀𠮷', 'é'.normalize('NFD'), 'ﷺ', 'ß', 'İ', 'a'.repeat(300), '甲'.repeat(3000), '('.repeat(500), '%', '%zz', '%E0%A4%A'] // prettier-ignore
const numbers = ['-1', '0', '1e309', 'NaN', 'Infinity', '9007199254740993', '99999999999999999999', '2147483648', '-0', '0x10', '1_000', '１２', '1.5'] // prettier-ignore
const days = ['0000-00-00', '2026-02-30', '99999-01-01', '-0001-01-01', '2026-13-01', '2026-06-15T25:00:00Z', 'yesterday', '275760-09-14', '10000-01-01', '0001-01-01'] // prettier-ignore
const shapes = ['[]', '{}', 'null', 'true', '[[[[]]]]', '{"field":"x"}', '{"and":[]}', '{"or":[{"not":{}}]}', '{"field":"id","op":"eq","value":{}}', '{"field":"createdAt","op":"gt","value":"x"}', '{"field":"id","op":"in","value":[1,null]}'] // prettier-ignore

export const attacks: readonly string[] = [
  ...sql,
  ...script,
  ...path,
  ...template,
  ...header,
  ...system,
  ...names,
  ...letters,
  ...numbers,
  ...days,
  ...shapes,
]

/** Values that stand where another was expected. */
export const oddValues: readonly unknown[] = [
  null, true, false, 0, -1, 1.5, 1e308, -0, 2 ** 31, 2 ** 53, '', ' ', [], {}, [[]], [null], [{}], { id: null }, { length: 1e9 }, { toString: 'x' }, { then: 'x' },
  { type: 'Buffer', data: [1, 2] }, ['a', 1, null], { $ne: null }, { and: [] }, { my: 'person' }, [1e308], Array.from({ length: 300 }, () => 'x'),
] // prettier-ignore

/** Headers that a request may carry, with what is tried in them. */
export const triedHeaders = ['x-act-id', 'user-agent', 'x-csrf-token', 'accept', 'range', 'if-none-match', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-http-method-override', 'x-background',
  'referer', 'origin', 'accept-language', 'x-crc32', 'cookie', 'authorization', 'content-type', 'host', 'x-xinglin-timestamp', 'x-xinglin-key', 'x-request-id', 'if-modified-since', 'accept-encoding', 'expect'] // prettier-ignore
