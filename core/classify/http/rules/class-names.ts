import type { HttpCause } from '../../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../../types.js';

/** Class names of libraries that say it all, whatever message stands with them. */
export const CLASS_NAME_RULES: readonly Rule<HttpCause>[] = [
  {
    name: 'class of a lost connection',
    cause: 'network_disconnect',
    strength: STRENGTH.likely,
    pattern: anyOf(
      /NoRouteToHost|HttpHostConnect|NoHttpResponse|TruncatedChunk|MalformedChunkCoding|ConnectionClosed|PrematureClose|ConnectionShutdown|ConnectionPoolShutDown/,
      /ConnectionFail(?:ed|ure)|ConnectionLost|ConnectionDone|ConnectionRefused|ResponseNeverReceived|ResponseFailed|NoResponseDataReceived|IncompleteMessage|ClosedResource|BrokenResource|FailedConnectionException|failed_connect/,
      /TransportError\{reason: :closed|HTTPoison.{0,40}:closed|reason: :(?:closed|econn\w{3,8}|ehostunreach|enetunreach)|PR_CONNECT_RESET|PR_END_OF_FILE|SocketError|ClientException/,
    ),
    unless: /timed?[ _-]?out|certificate|ssl|tls|nodename|name resolution/i,
    why: 'Java, Ruby, Python, Elixir and Haskell have a class for each way in which a connection ends.',
  },
  {
    name: 'class of an answer that cannot be read',
    cause: 'parse_error',
    strength: STRENGTH.specific,
    pattern: anyOf(
      /Json\w{0,20}(?:Parse|Syntax|Mapping|Processing|Decode|Reader|Serialization)\w{0,12}(?:Exception|Error)|JSONException|ParsingFeedException|FeedException|NoParserAvailable|ParserConfiguration/,
      /(?:XML|SAX|Wstx|XMLStream|XmlPullParser|Markup|Yaml|Html|Feed|Rss)\w{0,20}(?:Exception|Error)\b|MismatchedInput|UnrecognizedProperty|InvalidDataException|ProtocolException|HTTPBadResponse|HTTPHeaderSyntaxError|ValidationError|DeserializationError|DecodeError/,
    ),
    unless:
      /timed?[ _-]?out|connection|connect|reset|refused|closed|UnicodeDecodeError|Premature|IncompleteRead|incomplete|peer|EOF|redirect/i,
    why: 'Parsers throw classes of their own.',
  },
  {
    name: 'class of an address that cannot be used',
    cause: 'invalid_url',
    strength: STRENGTH.decisive,
    pattern:
      /URISyntax|UriFormatException|InvalidUri|MalformedUrl|InvalidUrl|LocationParseError|LocationValueError|UnsupportedScheme/,
    why: 'Classes for addresses exist in every library.',
  },
  {
    name: 'class of an unknown encoding',
    cause: 'unsupported_encoding',
    strength: STRENGTH.decisive,
    pattern:
      /UnsupportedCharset|IllegalCharset|UnsupportedEncoding|MalformedInputException|MalformedByteSequence|UnmappableCharacter|not in gzip format|ZipException|BadGzipFile|InvalidByteSequence|UndefinedConversion|CompatibilityError/i,
    why: 'Readers of character sets and compressions throw classes of their own.',
  },
];
