"""Words for notes, plans and check-ins. Person first, plain, and never another member's name."""

TRIGGERS = (
    "payday",
    "Sunday nights",
    "the drive past the old corner",
    "arguments at home",
    "waking at 3 AM",
    "coming home to an empty apartment",
    "calls from an old friend",
    "back pain after a shift",
    "the hour after work",
    "family holidays",
    "long days off",
    "news about custody",
    "the bus stop by the store",
    "being criticized at work",
    "court dates",
    "the first warm evening",
    "an old song on the radio",
    "cash in the pocket",
    "sleepless nights",
    "seeing an ex partner",
    "the anniversary of a death",
    "waiting rooms",
    "overtime weeks",
    "feeling sick in the morning",
)
SUPPORTS = (
    "{their} sister",
    "{their} brother",
    "{their} mother",
    "{their} father",
    "a cousin",
    "{their} sponsor",
    "a friend from church",
    "{their} partner",
    "a neighbor",
    "{their} aunt",
    "a coworker who knows",
    "the peer line",
    "{their} grandmother",
    "an old teacher",
    "{their} roommate",
    "{their} brother-in-law",
)
COPING = (
    "a walk around the block",
    "ten slow breaths",
    "a shower and tea",
    "music with headphones",
    "writing it down",
    "a cold drink of water",
    "time with the dog",
    "a call before the urge peaks",
    "a short drive with the windows down",
    "the breathing card",
    "washing the dishes slowly",
    "a noon meeting",
    "twenty minutes at the gym",
    "a prayer said aloud",
    "texting a code word",
    "a crossword",
    "fixing something small",
    "cooking from scratch",
)

# What closes a line: each stands on its own, and each is filled from the same person's facts.
CLOSINGS = (
    "Worked toward {their} goal {goal}",
    "Plans {coping} before the next group",
    "Picked {support} to call about {trigger}",
    "Next step: {step}",
    "Hardest part of the week: {trigger}",
    "Asked for time on this in the next individual session",
    "Left with one written step",
    "Sees {support} as part of the plan",
    "Rates confidence for the week as {confidence} of 10",
    "Says {coping} worked once since the last group",
    "Wants to try it again with {trigger} in mind",
    "Took the handout home for {support}",
)
CRAVING_CLOSINGS = (
    "No craving at today's check-in",
    "Checked in with a little craving",
    "Checked in with some craving and stayed to the end",
    "Checked in with strong craving and spoke about it",
    "Checked in with very strong craving; counselor met {them} after group",
)
LATE_OPENINGS = ("Came {late} minutes late. ", "Joined {late} minutes in. ", "Arrived after {late} minutes. ")
LISTENED_OPENINGS = ("Mostly listened. ", "Quiet today. ", "Spoke little. ")

GOALS_EN = (
    ("I want to be there when my daughter wakes up.", "Be there"),
    ("Keep my job at the warehouse past the first ninety days.", "Work"),
    ("I want my mom to stop being scared when the phone rings.", "Family"),
    ("Get my own place with a door that locks.", "My own place"),
    ("Wake up without thinking about it first.", "Quiet mornings"),
    ("Finish my welding certificate.", "Certificate"),
    ("I want to see my kids on more than Sundays.", "Kids"),
    ("Pay my brother back, all of it.", "Debts"),
    ("Sleep through the night without anything.", "Sleep"),
    ("Get my driver's license back and drive my dad to church.", "License"),
    ("I want to like the person in the mirror.", "Self-respect"),
    ("Be steady enough to have a dog again.", "A dog again"),
    ("No more waiting rooms and no more court.", "Free of court"),
    ("Go one whole winter without losing a friend.", "Friends"),
    ("I want to cook dinner for my family and sit down for it.", "Dinner at home"),
    ("Get through a shift without my hands shaking.", "Steady hands"),
    ("Make it to my sister's wedding and remember the toast.", "Wedding"),
    ("I want to be bored and be fine with it.", "Calm"),
    ("Have money left on Wednesday.", "Money"),
    ("Play bass again with the guys from church.", "Music"),
    ("Be the grandpa who shows up.", "Grandkids"),
    ("I want to stop lying to people I love.", "Honesty"),
    ("Get my teeth fixed and smile in the picture.", "Health"),
    ("Take my GED test in spring.", "GED"),
    ("Walk past that corner and keep walking.", "No use"),
    ("I want mornings to belong to me.", "Mornings"),
    ("Be around long enough to meet my grandkids.", "Grandkids"),
    ("Get my nursing assistant license back.", "License"),
    ("I want my son to be proud to bring friends home.", "My son"),
    ("Handle a bad day like a normal bad day.", "Hard days"),
    ("Run the 5K by the river next summer.", "The 5K"),
    ("Stop hiding in the car.", "No hiding"),
    ("I want to feel things and not be scared of it.", "Feelings"),
    ("Keep the apartment and my cat.", "Home"),
    ("Get back to school for the spring term.", "School"),
    ("I want one year with no hospital.", "Health"),
    ("Be someone my roommate can count on.", "Trust"),
    ("Drive past the store and go home to my wife.", "Home"),
    ("I want to laugh at dinner again.", "Laughing"),
    ("Work full days on the roof crew and come home safe.", "Work"),
    ("Call my dad before it is too late.", "My dad"),
    ("Grow tomatoes and be there to pick them.", "Garden"),
    ("I want to get through Christmas in my own skin.", "Holidays"),
    ("Stay on my medicine and stop explaining it to people.", "Medicine"),
    ("Have a birthday I can remember.", "Birthday"),
    ("Get off probation and take my girls to the lake.", "My girls"),
    ("I want to wake up on my own couch, in my own house.", "My own place"),
    ("Learn to be around people without something in me.", "People"),
    ("Fix the truck and fix me.", "Truck"),
    ("Be honest with my doctor the first time.", "Honesty"),
)
SECOND_GOALS_EN = (
    ("Sleep seven hours most nights.", "Sleep"),
    ("Find a way to handle my back that does not scare me.", "My back"),
    ("Get along with my mother for one whole dinner.", "My mother"),
    ("Have three people I can call.", "People to call"),
    ("Feel less on edge by the end of the day.", "Calm"),
    ("Get to my appointments without borrowing a car.", "Getting there"),
    ("Work more days and worry less about rent.", "Work"),
    ("See a dentist.", "Teeth"),
    ("Stop smoking in the car with the kids.", "Smoking"),
    ("Be outside every day, even if it is short.", "Outdoors"),
    ("Talk to my wife before things blow up.", "My wife"),
    ("Take my medicine at the same time every day.", "Medicine"),
)
GOALS_ES = (
    ("Quiero estar presente cuando mis hijos lleguen de la escuela.", "Mis hijos"),
    ("Trabajar completo y llegar tranquila a la casa.", "Trabajo"),
    ("Quiero que mi mamá duerma sin preocuparse por mí.", "Mi mamá"),
    ("Volver a cocinar los domingos para todos.", "Domingos"),
    ("Pasar la Navidad con mi familia y acordarme.", "Navidad"),
    ("Ahorrar para traer a mi hija.", "Mi hija"),
    ("Dormir sin tomar nada.", "Dormir"),
    ("Ser otra vez el hermano con el que cuentan.", "Mi hermano"),
    ("Sacar mi licencia y manejar sin miedo.", "Licencia"),
    ("Quiero levantarme con ganas.", "Ganas"),
)
STEPS = (
    "tell one person at home the plan for the weekend",
    "screens off at 10 on four nights",
    "carry the coping card every day",
    "call one support before noon on Saturday",
    "go to one community meeting this week",
    "ask the boss about a steady schedule",
    "keep naloxone by the front door and show one person",
    "write down the hour of each craving for seven days",
    "eat breakfast before the first appointment",
    "walk 20 minutes on three days",
    "bring two questions to the next visit",
    "mute the three riskiest contacts",
    "set the medicine alarm for 8 AM",
    "practice the breathing card twice a day",
    "make one plan for Sunday afternoon",
    "visit the job center on Tuesday",
)
STEPS_ES = (
    "Contarle a alguien en casa el plan para el fin de semana",
    "Dejar las pantallas a las 10 cuatro noches",
    "Llevar la tarjeta todos los días",
    "Llamar a una persona de apoyo antes del mediodía del sábado",
    "Ir a una reunión de la comunidad esta semana",
    "Guardar la naloxona junto a la puerta y mostrarla en casa",
    "Desayunar antes de la primera cita",
    "Caminar 20 minutos tres días",
    "Traer dos preguntas a la próxima visita",
    "Hacer un plan para la tarde del domingo",
)
GENTLE_NOTES_EN = (
    "Slept better than last week.",
    "Long day. Went to bed early.",
    "Thought about it on the bus. It passed.",
    "Good talk with my sister.",
    "Work was rough.",
    "Walked instead.",
    "Nothing special. That felt good.",
    "Worried about rent.",
    "Cooked at home.",
    "Missed my old friends today.",
    "Proud of today.",
    "My back hurts.",
)
HARD_NOTES_EN = (
    "Used last night. I want to talk.",
    "Hard night. I told my sister.",
    "I used. I am safe now.",
    "Bad day. Coming tomorrow.",
)
CRAVING_NOTES_EN = (
    "Bad hour after work. Called someone.",
    "Could not stop thinking about it.",
    "Payday. Went straight home.",
    "Fight at home. Took a walk.",
)
GENTLE_NOTES_ES = (
    "Dormí mejor.",
    "Día largo, pero bien.",
    "Pensé en eso en el camino. Se me pasó.",
    "Hablé con mi hermana. Me ayudó.",
    "Cociné en casa.",
    "Preocupación por la renta.",
    "Hoy fue un día tranquilo.",
    "Extraño a mi familia.",
)
HARD_NOTES_ES = ("Anoche consumí. Quiero hablar.", "Fue una noche difícil. Ya estoy bien.")
CRAVING_NOTES_ES = (
    "Mucha ansiedad después del trabajo. Salí a caminar.",
    "Discutimos en casa. Llamé a mi hermana.",
)

IN_THEIR_WORDS = (
    "I want to stop before it gets worse.",
    "My sister found your number.",
    "I just got out of the hospital and I do not want to go back.",
    "I can do evenings. I work days.",
    "I was here before and it helped.",
    "My doctor said to call you.",
    "I need help and I cannot leave my kids overnight.",
    "I want to try the shot.",
)
COUNSELING = (
    (
        "Reviewed the week by hour. {Named} {trigger} as the hardest part.",
        "Use {coping} and call {support} first.",
    ),
    ("Worked on the goal {goal}", "Step for the week: {step}."),
    (
        "Talked through a craving from start to end, and what ended it.",
        "Write down the next one the same way.",
    ),
    ("Looked at sleep and mornings together. Changes are small and real.", "Step for the week: {step}."),
    (
        "Spoke about home. {Named} {support} as the person who helps most.",
        "One calm talk before the next session.",
    ),
    (
        "Went over medicine, side effects and questions for the prescriber.",
        "Bring two questions to the next visit.",
    ),
    (
        "Reviewed answers to the weekly questions, item by item.",
        "Watch {trigger}; step for the week: {step}.",
    ),
    ("Practiced the first sentence of a hard call.", "Make the call to {support} by Friday."),
    ("Checked the plan for the weekend and filled one gap.", "Keep {coping} for Saturday evening."),
    ("Spoke about work and rest, and what gives the day shape.", "Step for the week: {step}."),
)
INTAKE_NOTE = (
    (
        "First visit. Spoke about what brought {them} here and what {they} hoped for; needs rated together. "
        "Privacy notice, naloxone and the number for nights given."
    ),
    "First group on the next program day. Write the plan together within the first week.",
)
FIRST_PRESCRIBER_NOTE = (
    "Went over the medicines, what each does, and what to expect. Chose {medicine}. Questions answered.",
    "First dose with the nurse. Come back in four weeks, or sooner with any question.",
)
PRESCRIBER_NOTE = (
    "Reviewed {medicine}, sleep, side effects and the latest tests together. No change of dose wanted.",
    "Next visit in four weeks.",
)
INJECTION_NOTE = (
    "Gave {medicine}, {milligrams} mg, {site}. Felt well ten minutes later.",
    "Next dose due {due}.",
)
AFTER_USE = (
    "Talked about the return to use this week without blame: what came before, what kept {them} safe.",
    "Checked naloxone at home, went over lost tolerance, agreed to come to the next group.",
)
