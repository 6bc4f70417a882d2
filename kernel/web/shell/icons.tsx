import {
  AlertOutlined, ApartmentOutlined, AppstoreOutlined, AuditOutlined, BankOutlined, BarChartOutlined, BellOutlined, BookOutlined, CalendarOutlined,
  CheckSquareOutlined, ClusterOutlined, ContactsOutlined, DashboardOutlined, ExperimentOutlined, FileProtectOutlined, FileTextOutlined, FormOutlined,
  HeartOutlined, HistoryOutlined, HomeOutlined, IdcardOutlined, LineChartOutlined, MedicineBoxOutlined, MessageOutlined, NotificationOutlined, PhoneOutlined,
  ProfileOutlined, QuestionCircleOutlined, ReadOutlined, SafetyCertificateOutlined, ScheduleOutlined, SettingOutlined, SolutionOutlined, SwapOutlined,
  TableOutlined, TeamOutlined, ToolOutlined, TrophyOutlined, UserOutlined, VideoCameraOutlined,
} from '@ant-design/icons' // prettier-ignore
import type { ComponentType } from 'react'

/** Names that menus may use; one line-icon set for the whole house. */
const icons: Readonly<Record<string, ComponentType<{ className?: string }>>> = {
  alert: AlertOutlined, apartment: ApartmentOutlined, appstore: AppstoreOutlined, audit: AuditOutlined, bank: BankOutlined, chart: BarChartOutlined,
  bell: BellOutlined, book: BookOutlined, calendar: CalendarOutlined, check: CheckSquareOutlined, cluster: ClusterOutlined, contacts: ContactsOutlined,
  dashboard: DashboardOutlined, experiment: ExperimentOutlined, certificate: FileProtectOutlined, file: FileTextOutlined, form: FormOutlined,
  heart: HeartOutlined, history: HistoryOutlined, home: HomeOutlined, idcard: IdcardOutlined, trend: LineChartOutlined, medicine: MedicineBoxOutlined,
  message: MessageOutlined, notification: NotificationOutlined, phone: PhoneOutlined, profile: ProfileOutlined, question: QuestionCircleOutlined,
  read: ReadOutlined, safety: SafetyCertificateOutlined, schedule: ScheduleOutlined, setting: SettingOutlined, solution: SolutionOutlined,
  swap: SwapOutlined, table: TableOutlined, team: TeamOutlined, tool: ToolOutlined, trophy: TrophyOutlined, user: UserOutlined, video: VideoCameraOutlined,
} // prettier-ignore

export function MenuIcon({ name }: { name: string | undefined }) {
  const Icon = icons[name ?? ''] ?? ProfileOutlined
  return <Icon className="x-menu-icon" />
}
