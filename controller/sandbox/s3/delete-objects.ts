import { AwsFault, type SandboxResponse } from '../service.ts';
import { checksumsOf } from './checksums.ts';
import { remove, type Deletion } from './objects.ts';
import { bucketOf, type Bucket, type Call } from './store.ts';
import { unescapeXml, xmlResponse, type XmlElement } from './xml.ts';

const MAX_KEYS = 1000;

const malformed = (): AwsFault =>
  new AwsFault(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

function elementOf(text: string, name: string): string | undefined {
  const content = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  return content === undefined ? undefined : unescapeXml(content);
}

function deletionOf(text: string): Deletion {
  const key = elementOf(text, 'Key');
  if (key === undefined) throw malformed();
  return { key, versionId: elementOf(text, 'VersionId'), ifMatch: elementOf(text, 'ETag') };
}

function deletionsOf(body: string): readonly Deletion[] {
  const deletions = [...body.matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, text = '']) => deletionOf(text));
  if (deletions.length === 0 || deletions.length > MAX_KEYS) throw malformed();
  return deletions;
}

/** One bad key does not stop the others: it is reported beside them in a 200. */
function resultOf(call: Call, bucket: Bucket, deletion: Deletion, quiet: boolean): readonly XmlElement[] {
  try {
    const deleted = remove(call.store, bucket, deletion);
    const element: XmlElement = [
      'Deleted',
      [
        ['Key', deletion.key],
        ['VersionId', deletion.versionId],
        ['DeleteMarker', deleted.marker ? true : undefined],
        ['DeleteMarkerVersionId', deleted.marker ? deleted.versionId : undefined],
      ],
    ];
    return quiet ? [] : [element];
  } catch (thrown) {
    if (!(thrown instanceof AwsFault)) throw thrown;
    return [
      [
        'Error',
        [
          ['Key', deletion.key],
          ['VersionId', deletion.versionId],
          ['Code', thrown.code],
          ['Message', thrown.message],
        ],
      ],
    ];
  }
}

export function deleteObjects(call: Call): SandboxResponse {
  const bucket = bucketOf(call);
  checksumsOf(call.request);
  const body = call.request.body.toString();
  const quiet = elementOf(body, 'Quiet') === 'true';
  return xmlResponse(
    'DeleteResult',
    deletionsOf(body).flatMap((deletion) => resultOf(call, bucket, deletion, quiet)),
  );
}
