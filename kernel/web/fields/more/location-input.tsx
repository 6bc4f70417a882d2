import { AimOutlined } from '@ant-design/icons'
import { locationText, readLocation, type LocationValue } from '#model'
import { Button, Input } from 'antd'
import { useState } from 'react'
import type { InputProps } from '../field-view.ts'
import './inputs.css'

const why: Readonly<Record<number, string>> = {
  1: '没有得到定位的许可，请在浏览器或企业微信中允许定位',
  2: '设备没有给出位置，请到开阔处再试，或手工填写',
  3: '定位超时，请再试一次',
}
/** Where the device stands, with how exact that is; or typed as latitude and longitude. */
export function LocationInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled, describedBy }: InputProps<'location'>) {
  const [typed, setTyped] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isAsking, setAsking] = useState(false)
  const shown = typed ?? (value === null || value === undefined ? '' : typeof value === 'string' ? value : locationText(value))
  function locate() {
    setProblem(null)
    if (!('geolocation' in navigator) || !isSecureContext) return setProblem('这里不能定位（须经 https 打开），请手工填写')
    setAsking(true)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setAsking(false)
        setTyped(null)
        onChange({ lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy } satisfies LocationValue)
        onBlur?.()
      },
      (error) => {
        setAsking(false)
        setProblem(why[error.code] ?? '没有得到位置，请再试一次')
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
    )
  }
  return (
    <div className="x-location">
      <Input
        id={id}
        value={shown}
        placeholder={field.placeholder ?? '纬度, 经度'}
        status={isInvalid ? 'error' : ''}
        disabled={isDisabled ?? false}
        aria-describedby={describedBy}
        onChange={(event) => {
          const text = event.target.value
          setTyped(text)
          onChange(text.trim() === '' ? null : (readLocation(text) ?? text))
        }}
        onBlur={() => {
          if (readLocation(shown)) setTyped(null)
          onBlur?.()
        }}
      />
      <Button icon={<AimOutlined />} loading={isAsking} disabled={isDisabled ?? false} onClick={locate}>
        定位
      </Button>
      {problem && <small className="x-problem">{problem}</small>}
    </div>
  )
}
