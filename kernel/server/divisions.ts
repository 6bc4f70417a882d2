import { areaList } from '@vant/area-data'
import { divisions } from '#model'

/** The server knows the divisions from its start; a browser loads them with the first address. */
divisions.load(areaList)
