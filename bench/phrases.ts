/** What people write to an organisation in hard weather, in the languages that they write in; `{}` is a number. */
export const PHRASES: readonly (readonly string[])[] = [
  [
    'The water has reached the steps of the school.',
    'We are {} people on the roof of the mill and can wait until the evening.',
    'Is the road over the pass open again?',
    'Please send blankets, we have {} children here.',
    'The pump at the market gives brown water since yesterday.',
    'Thank you, the boat came in time.',
    'There is no light in our street, and nobody answers the phone.',
    'My neighbour needs her insulin before {} o’clock.',
  ],
  [
    'Der Keller steht {} Zentimeter unter Wasser.',
    'Wann fährt wieder ein Bus über die große Brücke?',
    'Wir haben noch Platz für {} Leute und ihre Tiere.',
    'Bei uns ist alles in Ordnung, danke für die Nachfrage.',
    'Können Sie bitte jemanden zur Mühlstraße schicken?',
    'Öl schwimmt auf dem Bach hinter der Gärtnerei.',
  ],
  [
    'La rivière monte de {} centimètres par heure près de l’école.',
    'Où peut-on trouver de l’eau potable ce soir ?',
    'Nous sommes {} familles dans le gymnase, il manque des lits.',
    'Merci à toute l’équipe, tout le monde est rentré.',
    'Le médecin passera-t-il encore aujourd’hui ?',
    'La coopérative prête son tracteur dès demain matin.',
  ],
  [
    'El puente está cerrado y hay {} coches esperando.',
    '¿Dónde se reparten los medicamentos mañana?',
    'Necesitamos pañales y leche para {} niños.',
    'El agua ya bajó, pero las casas están llenas de barro.',
    'Mi abuela sigue sola en la última casa del camino.',
    'Gracias por avisarnos a tiempo.',
  ],
  [
    'Maji yamefika kwenye mlango wa zahanati.',
    'Tuko watu {} shuleni na tunahitaji chakula.',
    'Barabara ya sokoni imefungwa tangu jana.',
    'Asanteni sana, mashua imefika salama.',
    'Je, daktari atakuja leo au kesho?',
  ],
  [
    'وصل الماء إلى باب المدرسة.',
    'نحن {} عائلة في القاعة ونحتاج إلى بطانيات.',
    'هل الطريق إلى المستشفى مفتوح اليوم؟',
    'شكرا لكم، وصل القارب في الوقت المناسب.',
  ],
  [
    'पानी अब पुल के ऊपर से बह रहा है।',
    'हम {} लोग मंदिर में हैं, कृपया खाना भेजिए।',
    'दवाई की दुकान कब खुलेगी?',
    'धन्यवाद, सब लोग सुरक्षित हैं।',
  ],
  [
    '河水已经漫过堤岸。',
    '我们这里有{}位老人需要帮助。',
    '今天晚上哪里可以领到饮用水?',
    '谢谢,大家都平安到家了。',
  ],
];

/** Subjects of letters; a short message has none. */
export const TITLES: readonly string[] = [
  'Water level at the old bridge',
  'Question about the shelter',
  'Helfer für Samstag gesucht',
  'Coupure d’électricité rue des Tanneurs',
  'Lista de medicamentos',
  'Road closed until further notice',
  'Offer: two rooms and a kitchen',
  'Ripoti ya zahanati',
];

/** Stands in some 20 messages of the store and nowhere else. */
export const RARE_WORD = 'Heronsgate';

/** Stands in one of those, in the middle of the store, and nowhere else. */
export const LONE_WORD = 'Kestrelmoor';

/** Stands in none. */
export const ABSENT_WORD = 'quagmire';
