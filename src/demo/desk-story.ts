import { attached, outgoing, type Story } from './demo-draft';

/** What the Belrive desk sends by itself: digests, announcements, and what is still to come. */
// A table: one message a line or two reads better than one argument a line.
// prettier-ignore
export const deskStory: Story = {
  feed: 'desk',
  drafts: [
    outgoing('17d 2h', ['MAIL', 'DATABASE'], 'Day two.\nReports: 118\nPeople moved: 212\nOpen questions: 9\nWater: boil it.',
      { title: 'Daily digest', to: [1, 2, 3], data: { reports: 118, moved: 212, open: 9 } }),
    outgoing('16d 1h', ['MAIL', 'DATABASE'], 'Day three.\nReports: 74\nPeople moved: 31\nOpen questions: 4\nWater: boil it.',
      { title: 'Daily digest', to: [1, 2, 3], data: { reports: 74, moved: 31, open: 4 } }),
    outgoing('15d 1h', ['MAIL', 'DATABASE'], 'Day four.\nReports: 52\nPeople moved: 6\nOpen questions: 11\nWater: boil it.',
      { title: 'Daily digest', to: [1, 2, 3], data: { reports: 52, moved: 6, open: 11 }, status: 'ARCHIVED' }),
    outgoing('11d 1h', ['MAIL'],
      '<h2>One week of the Mirelle</h2><p>The water came, stood &amp; went.</p><ol><li>412 reports</li><li>249 people moved</li>'
        + '<li>0 lives lost</li></ol><p>See you at the meeting.<br>&mdash; the desk</p>',
      { title: 'The week in numbers', to: [1, 2, 3, 4], post: 61, media: [attached('week-in-numbers', 'pdf', 240_133)] }),
    outgoing('9d 3h', ['DATABASE'], 'Wording of all alerts was reviewed. “Go up, not across” stays.',
      { title: 'Wording review', type: 'REPORT', to: [1] }),
    outgoing('5d 2h', ['BROADCAST', 'SMS'], 'Siren test today at noon. It is only a test.',
      { title: 'Siren test', status: 'PENDING',
        every: { frequency: 'MONTHLY', time: '12:00', timeZone: 'America/Port-au-Prince', fromDay: -5, byDay: ['SA'], bySetPosition: 1 } }),
    outgoing('4d 22h', ['MAIL', 'BROADCAST'], 'The flood season begins. Paint your post, pack your bag, greet your neighbour.',
      { title: 'Season opening', status: 'PENDING', post: 62,
        every: { frequency: 'YEARLY', time: '09:00', timeZone: 'America/Port-au-Prince', fromDay: -4, byMonth: [6], byMonthDay: [1] } }),
    outgoing('4d 3h', ['MAIL', 'DATABASE'], 'Reports, questions and promises of the day.',
      { title: 'Daily digest', to: [1, 2, 3], status: 'PENDING',
        every: { frequency: 'WEEKLY', time: '19:00', timeZone: 'America/Port-au-Prince', fromDay: -4,
          byDay: ['MO', 'TU', 'WE', 'TH', 'FR'], untilDay: 60 } }),
    outgoing('3d 6h', ['MAIL'], 'Liebe Freunde der Mirelle, einmal im Quartal berichten wir, was aus Ihren Spenden wurde.',
      { title: 'Rundbrief', status: 'PENDING',
        every: { frequency: 'MONTHLY', interval: 3, time: '08:15', timeZone: 'Europe/Berlin', fromDay: -3, byMonthDay: [-1] } }),
    outgoing('1d 3h', ['SMS', 'BROADCAST'], 'Le pont rouvre aux charrettes. Un seul attelage à la fois, s’il vous plaît.',
      { title: 'Réouverture du pont', status: 'PENDING', sendAfter: '6d', post: 4 }),
    outgoing('1d 2h', ['SMS', 'BROADCAST'], 'Pon an ap louvri pou charèt yo. Youn alafwa, tanpri.',
      { title: 'Pon an ap louvri', status: 'PENDING', sendAfter: '6d', post: 4 }),
    outgoing('16h', ['MAIL'], 'Minutes of the meeting, with the drawing of the new bridge.',
      { title: 'Minutes', to: [1, 2, 5], status: 'PENDING', sendAfter: '2d', media: [attached('new-bridge', 'png', 932_440)] }),
    outgoing('3h', ['BROADCAST'], 'Kites over the hill this weekend: the wind is right. 🪁',
      { title: 'Kites', status: 'CANCELLED', sendAfter: '1d', data: { reason: 'announced by the school itself' } }),
    outgoing('25m', ['WHATSAPP'], 'Good morning. Your report from the ridge was read out at the desk. Applause.',
      { contact: 2, status: 'FAILED', data: { failure: 'no connection to the channel' } }),
    outgoing('9m', ['TELEGRAM', 'WHATSAPP'], 'The Mirelle is quiet. Thank you for every single message.', { title: 'A quiet river', post: 63 }),
    outgoing('3m', ['SMS'], 'Please call the desk when you are awake, there is good news about the boot.', { to: [44], status: 'PENDING' }),
  ],
};
