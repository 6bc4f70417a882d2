/** Two institutions, three campuses, about seventy units. Codes are the hospital's own. */
export interface DemoUnit {
  code: string
  name: string
  kind: string
  parent: string | null
  zone?: string
  licence?: string
}
const clinical: readonly [string, string, string][] = [
  ['GK', '骨科', '外科片区'], ['PW', '普外科', '外科片区'], ['SJ', '神经外科', '外科片区'], ['XW', '胸心外科', '外科片区'], ['MN', '泌尿外科', '外科片区'],
  ['FK', '妇产科', '妇儿片区'], ['EK', '儿科', '妇儿片区'], ['YK', '眼科', '五官片区'], ['EB', '耳鼻咽喉科', '五官片区'], ['MZ', '麻醉科', '医技片区'],
  ['XN', '心内科', '内科片区'], ['HX', '呼吸内科', '内科片区'], ['XH', '消化内科', '内科片区'], ['NF', '内分泌科', '内科片区'], ['SN', '神经内科', '内科片区'], ['JZ', '急诊科', '急诊片区'],
] // prettier-ignore
const atEast = ['GK', 'PW', 'SJ', 'MN', 'XN', 'HX', 'XH', 'MZ', 'JZ']
const atWomen = ['FK', 'EK', 'MZ']
const twoWards = ['GK', 'PW', 'FK', 'XN']
const laboratories: readonly [string, string][] = [['FS', '放射科'], ['JY', '检验科'], ['BL', '病理科'], ['CS', '超声科'], ['YX', '药学部']] // prettier-ignore
const offices: readonly [string, string][] = [['YW', '医务处'], ['HL', '护理部'], ['RS', '人事处'], ['KJ', '科教处'], ['ZK', '质控科'], ['XX', '信息中心'], ['YB', '院办公室'], ['JJ', '纪检监察室']] // prettier-ignore

export function demoUnits(): DemoUnit[] {
  const units: DemoUnit[] = [
    { code: 'XL', name: '杏林医院集团', kind: 'group', parent: null },
    { code: 'XL1', name: '杏林市第一人民医院', kind: 'institution', parent: 'XL', licence: 'PDY00000144030001' },
    { code: 'XL2', name: '杏林市妇幼保健院', kind: 'institution', parent: 'XL', licence: 'PDY00000244030002' },
    { code: 'ZY', name: '总院', kind: 'campus', parent: 'XL1', licence: 'PDY00000144030001' },
    { code: 'DY', name: '东院区', kind: 'campus', parent: 'XL1', licence: 'PDY00000144030001' },
    { code: 'FY', name: '妇幼院区', kind: 'campus', parent: 'XL2', licence: 'PDY00000244030002' },
  ]
  const place = (campus: string, label: string, codes: readonly string[]) => {
    for (const [code, name, zone] of clinical.filter(([c]) => codes.includes(c))) {
      const department = `${campus}-${code}`
      units.push({ code: department, name: label + name, kind: 'department', parent: campus, zone })
      const wards = campus === 'ZY' && twoWards.includes(code) ? ['一', '二'] : ['']
      if (code !== 'MZ')
        for (const [i, ward] of wards.entries())
          units.push({ code: `${department}-${i + 1}`, name: `${label}${name}${ward}病区`, kind: 'ward', parent: department, zone })
    }
  }
  place('ZY', '', clinical.map(([code]) => code)) // prettier-ignore
  place('DY', '东院', atEast)
  place('FY', '妇幼', atWomen)
  for (const [code, name] of laboratories) units.push({ code: `ZY-${code}`, name, kind: 'laboratory', parent: 'ZY', zone: '医技片区' })
  for (const [code, name] of offices) units.push({ code: `ZY-${code}`, name, kind: 'office', parent: 'ZY' })
  return units
}
