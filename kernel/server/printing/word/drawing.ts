import { readXml, writeXml, element, type Element } from './xml.ts'
import type { Parts } from './package.ts'

const picture = 'http://schemas.openxmlformats.org/drawingml/2006/picture'
const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
/** English Metric Units of a millimetre. */
const unit = 36_000
export interface Bitmap {
  readonly bytes: Buffer
  readonly type: 'png' | 'jpeg'
  readonly width: number
  readonly height: number
}
/** Puts pictures into one part of a document: its relations and the types of the whole learn of them. */
export class Drawings {
  private readonly parts: Parts
  private readonly path: string
  private readonly known = new Map<string, string>()
  private count = 0
  constructor(parts: Parts, path: string) {
    this.parts = parts
    this.path = path
  }
  /** The drawing of a picture so high, no wider than a page's text. */
  draw(id: string, bitmap: Bitmap, height: number): Element {
    let relationId = this.known.get(id)
    if (!relationId) this.known.set(id, (relationId = this.add(bitmap)))
    const scale = Math.min(height / bitmap.height, 150 / bitmap.width)
    const [cx, cy] = [bitmap.width, bitmap.height].map((side) => String(Math.max(1, Math.round(side * scale * unit)))) as [string, string]
    const number = String(9000 + ++this.count)
    const name = { id: number, name: `图片 ${number}` }
    const shape = element('pic:spPr', {}, [
      element('a:xfrm', {}, [element('a:off', { x: '0', y: '0' }), element('a:ext', { cx, cy })]),
      element('a:prstGeom', { prst: 'rect' }, [element('a:avLst')]),
    ])
    const pic = element('pic:pic', { 'xmlns:pic': picture }, [
      element('pic:nvPicPr', {}, [element('pic:cNvPr', name), element('pic:cNvPicPr')]),
      element('pic:blipFill', {}, [element('a:blip', { 'r:embed': relationId, 'xmlns:r': relation }), element('a:stretch', {}, [element('a:fillRect')])]),
      shape,
    ])
    return element('w:drawing', {}, [
      element('wp:inline', { distT: '0', distB: '0', distL: '0', distR: '0', 'xmlns:wp': 'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing' }, [
        element('wp:extent', { cx, cy }),
        element('wp:docPr', name),
        element('a:graphic', { 'xmlns:a': 'http://schemas.openxmlformats.org/drawingml/2006/main' }, [element('a:graphicData', { uri: picture }, [pic])]),
      ]),
    ])
  } // prettier-ignore
  private add({ bytes, type }: Bitmap): string {
    const target = `media/xinglin-${this.path.replaceAll(/\W/g, '')}-${this.known.size + 1}.${type}`
    this.parts.set(`word/${target}`, bytes)
    const path = this.path.replace(/([^/]+)$/, '_rels/$1.rels')
    const relations = this.parts.has(path) ? readXml(this.parts.get(path)!.toString('utf8')) : element('Relationships', { xmlns: 'http://schemas.openxmlformats.org/package/2006/relationships' })
    const id = `rIdXinglin${this.known.size + 1}`
    relations.children.push(element('Relationship', { Id: id, Type: `${relation}/image`, Target: target }))
    this.parts.set(path, Buffer.from(writeXml(relations)))
    const types = readXml(this.parts.get('[Content_Types].xml')!.toString('utf8'))
    const isKnown = types.children.some((one) => typeof one !== 'string' && one.attributes['Extension'] === type)
    if (!isKnown) types.children.unshift(element('Default', { Extension: type, ContentType: `image/${type}` }))
    this.parts.set('[Content_Types].xml', Buffer.from(writeXml(types)))
    return id
  } // prettier-ignore
}
