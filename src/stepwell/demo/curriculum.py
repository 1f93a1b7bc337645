"""What the groups of Alder Creek work on: our own topics, and what people do in each.

An `act` is what one person did. `{trigger}`, `{support}`, `{coping}` and `{their}` are filled from that
person's own life.
"""

from stepwell.demo.facts import GroupKind, Topic

S, P, A, E, F = (
    GroupKind.SKILLS,
    GroupKind.PROCESS,
    GroupKind.PLANNING_AHEAD,
    GroupKind.EDUCATION,
    GroupKind.FAMILY,
)

RIDING_OUT_CRAVINGS = Topic(
    S,
    "Riding out cravings",
    "Check-in round. Taught urge surfing for 12 minutes, then paired practice with a recent craving. "
    "Each person wrote one plan for the coming weekend.",
    "Cognitive behavioral skills",
    (
        "Practiced riding out a craving with the memory of {trigger}",
        "Compared cravings to weather that passes and chose {coping} for the worst ten minutes",
        "Timed a craving in the room and noticed that it peaked and fell",
        "Drew {their} craving curve and marked where {coping} would fit",
        "Named {trigger} as the strongest pull this week",
        "Told the group that waiting 15 minutes worked once and may work again",
        "Wrote a card for {their} pocket: wait, breathe, call {support}",
    ),
)

TOPICS: tuple[Topic, ...] = (
    RIDING_OUT_CRAVINGS,
    Topic(
        S,
        "Finding my triggers",
        "Each person mapped the places, hours and feelings that come before use. Sorted them into "
        "avoid, change and face.",
        "Cognitive behavioral skills",
        (
            "Mapped the week and circled {trigger}",
            "Sorted three triggers and put {trigger} under face, with help",
            "Saw that tired evenings come before most cravings",
            "Moved {trigger} from avoid to change, with a new route written down",
            "Found that {their} hardest hour is the same each day",
            "Added a feeling to the map for the first time: being left out",
        ),
    ),
    Topic(
        S,
        "Saying no and meaning it",
        "Taught three ways to decline: short, broken record, and leave. Role play in threes with feedback.",
        "Skills training",
        (
            "Role-played saying no to an old friend and kept it to one sentence",
            "Practiced leaving a table early without giving a reason",
            "Gave feedback to a partner on tone and eye contact",
            "Chose to tell {support} first, before anyone offers",
            "Tried the broken-record way three times until it felt natural",
            "Worked on saying no around {trigger}",
        ),
    ),
    Topic(
        S,
        "Thoughts are not orders",
        "Looked at the thought between trigger and use. Each person caught one permission thought "
        "and wrote an answer to it.",
        "Cognitive behavioral skills",
        (
            'Caught the thought "I earned it" and wrote an answer to it',
            "Noticed the thought comes first, with {trigger}, and then the craving",
            "Rewrote one thought about being behind in life",
            'Answered "one will not matter" in {their} own words',
            "Found it hard to believe the answer and said so",
            "Read {their} answer aloud and kept the card",
        ),
    ),
    Topic(
        S,
        "Sleep without help from a substance",
        "Taught a wind-down hour, a fixed rising time and what to do at 3 AM. Each person chose one "
        "change for seven nights.",
        "Behavioral sleep skills",
        (
            "Chose a fixed rising time for seven nights",
            "Will keep the phone in the kitchen after 10 PM",
            "Linked short nights to stronger cravings the next day",
            "Planned {coping} for waking at night",
            "Traded afternoon coffee for a walk",
            "Shared that sleep came easier this week than last",
        ),
    ),
    Topic(
        S,
        "Anger without damage",
        "Named early body signs of anger. Practiced the pause and one clear sentence that starts with I.",
        "Emotion regulation skills",
        (
            "Named a tight jaw as the first sign of anger",
            "Practiced an I-sentence for a talk with {support}",
            "Used the pause during a role play and restarted calmly",
            "Linked {trigger} to anger more than to sadness",
            "Planned to step outside before answering",
            "Asked the group how they come back after a quarrel",
        ),
    ),
    Topic(
        S,
        "Money on the day it comes",
        "Each person wrote where the next pay goes before it arrives, and who holds the rest.",
        "Skills training",
        (
            "Split the next pay into bills, food and savings on paper",
            "Will ask {support} to hold the card on Friday",
            "Named payday as a risk and set a plan for its first two hours",
            "Set up a second account for rent",
            "Counted what use cost last spring and what it could pay for now",
            "Chose {coping} for the hour after cashing out",
        ),
    ),
    Topic(
        S,
        "Asking for help early",
        "Made a ladder from small asks to large ones. Each person practiced the first sentence of a call.",
        "Skills training",
        (
            "Practiced the first sentence of a call to {support}",
            "Put three numbers at the top of {their} phone",
            "Chose a small ask for this week: a ride on Thursday",
            "Said asking early feels like a burden, and tried it anyway",
            "Moved the call before {trigger}, not after",
            "Made a ladder of five asks and started at the second",
        ),
    ),
    Topic(
        S,
        "Grounding in five minutes",
        "Taught senses, cold water and paced breathing. Each person rated tension before and after.",
        "Distress tolerance skills",
        (
            "Used five senses and felt {their} shoulders drop",
            "Paced breathing helped more than cold water",
            "Chose {coping} as the one to carry outside",
            "Practiced grounding with {trigger} in mind",
            "Said the room felt too loud, moved seats and went on",
            "Will teach the breathing to {support} tonight",
        ),
    ),
    Topic(
        S,
        "Small good things, planned",
        "Listed free or cheap things that once felt good. Put two on the calendar with day and time.",
        "Behavioral activation",
        (
            "Put two plain pleasures on the calendar with a time",
            "Remembered liking to cook and will try it on Sunday",
            "Asked {support} to come along on Saturday",
            "Noted that empty afternoons and {trigger} go together",
            "Walked by the river this week as planned",
            "Chose music again after a year without it",
        ),
    ),
    Topic(
        P,
        "What changed since last week",
        "Open round. Each person named one thing that moved and one that did not. The group answered "
        "with what they noticed.",
        "Process group",
        (
            "Named one thing that moved: a calm talk with {support}",
            "Said nothing moved, and stayed with that without leaving",
            "Spoke about {trigger} without making it smaller",
            "Told the group about a hard day and how it ended",
            "Noticed being less guarded than three weeks ago",
            "Answered a peer with something {they} had needed to hear",
        ),
    ),
    Topic(
        P,
        "Shame and what it asks us to hide",
        "The group spoke about secrets and relief. Members chose what to say and what to keep.",
        "Process group",
        (
            "Said one thing aloud that {they} had only written before",
            "Chose to keep a story for the individual session, and said so",
            "Connected shame with {trigger}",
            "Let the group answer and did not argue with kindness",
            "Spoke about missing a birthday and what it meant",
            "Planned to tell {support} one true thing",
        ),
    ),
    Topic(
        P,
        "Grief that came with change",
        "Spoke about people, places and routines that went away. Made room for tears and for silence.",
        "Process group",
        (
            "Spoke about missing friends who still use",
            "Named the old evening routine as a loss",
            "Stayed quiet and said it was a good quiet",
            "Shared a memory of someone who died from an overdose",
            "Linked grief to {trigger}, which surprised {them}",
            "Will visit a grave with {support} this month",
        ),
    ),
    Topic(
        P,
        "Trust, slowly",
        "Looked at how trust is lost and given in this room and at home. Gave each other one honest "
        "sentence.",
        "Process group",
        (
            "Gave a peer one honest sentence and heard one back",
            "Said that {support} checks on {them} less than before",
            "Asked for patience at home and named a date to talk again",
            "Noticed holding back until the last ten minutes",
            "Described what being believed felt like this week",
            "Said trust at home is thin after {trigger}, and that this is fair",
        ),
    ),
    Topic(
        P,
        "Lonely and in company",
        "Spoke about being alone, being with people who use, and the space between. Each person "
        "named one safe hour with someone.",
        "Process group",
        (
            "Named Sunday afternoon as the loneliest hour",
            "Found one safe hour this week with {support}",
            "Spoke about sitting in the car after group before driving home",
            "Compared being alone now with being alone while using",
            "Tied loneliness to {trigger}",
            "Exchanged ideas for free places to be in the evening",
        ),
    ),
    Topic(
        P,
        "The part that wants to stop and the part that does not",
        "Two-chair exercise by choice. The group listened for both voices without pushing.",
        "Motivational interviewing",
        (
            "Let both sides speak and gave neither the last word",
            "Said the wish to use is smaller but not gone",
            "Listed what use still gives {them}, with honesty",
            "Moved from 6 to 7 on the importance ruler",
            "Heard {their} own reasons read back and added one",
            "Named {trigger} as where the two sides meet",
        ),
    ),
    Topic(
        P,
        "Work, worth and rest",
        "Spoke about jobs lost and found, pride, and permission to rest.",
        "Process group",
        (
            "Spoke about pride in a full week at work",
            "Admitted being worn out and asked how others rest",
            "Practiced telling a boss about Wednesday groups",
            "Said that {coping} at lunch keeps the afternoon steady",
            "Tied long shifts to {trigger}",
            "Heard that rest is not laziness and wrote it down",
        ),
    ),
    Topic(
        P,
        "Being a parent, a child, a sibling",
        "Each person spoke from one family place. The group named patterns gently and did not advise.",
        "Process group",
        (
            "Spoke as a parent and named one promise kept this week",
            "Spoke as the oldest child and what that cost",
            "Told how {support} answered a call at midnight",
            "Saw an old family rule at work: do not talk about it",
            "Named a family dinner as {their} next test",
            "Connected {trigger} with an argument from years ago",
        ),
    ),
    Topic(
        A,
        "A plan for the weekend",
        "Each person filled in Friday evening to Monday morning, with one anchor a day and one "
        "person to call.",
        "Return-to-use prevention",
        (
            "Filled the weekend hour by hour and left Sunday lighter",
            "Put one anchor on each day, starting with {coping}",
            "Chose {support} as the person to call on Saturday",
            "Planned around {trigger} with a ride arranged",
            "Swapped a risky visit for a noon meeting",
            "Asked the group to check one weak spot in the plan",
        ),
    ),
    Topic(
        A,
        "Early signs, in my own order",
        "Each person wrote the order in which things go wrong for them, and what the first sign asks for.",
        "Return-to-use prevention",
        (
            "Wrote five early signs; skipping meals came first",
            "Put not answering the phone as sign number one",
            "Showed the list to a partner in the room and added two signs",
            "Will give the list to {support}",
            "Matched each sign with one action, the first being {coping}",
            "Noticed that sign three had come last week after {trigger}",
        ),
    ),
    Topic(
        A,
        "If I use again: the first hour",
        "Planned the first hour after a return to use: stay with someone, naloxone, call us, come "
        "back. No shame, one next step.",
        "Return-to-use prevention",
        (
            "Wrote a first-hour plan with naloxone at the top",
            "Chose {support} as the person to be with",
            "Learned that tolerance drops within days and changed the plan",
            "Saved the center's number as a favorite",
            "Practiced the words for calling the next morning",
            "Said it was hard to write and finished it",
        ),
    ),
    Topic(
        A,
        "Getting through a holiday",
        "Looked at invitations, travel and time alone. Each person wrote an arrival time, a leaving "
        "time and a way out.",
        "Return-to-use prevention",
        (
            "Wrote a plan for the next family holiday: arrive late, leave by 7",
            "Will bring {their} own drinks and stand near the kitchen",
            "Agreed a code word with {support}",
            "Chose to skip one gathering and host breakfast instead",
            "Named {trigger} as the holiday risk and wrote a way out",
            "Will say no before dinner, not during it",
        ),
    ),
    Topic(
        A,
        "People, and how close to keep them",
        "Drew three circles of people. Moved one name in, one out, and planned one conversation.",
        "Return-to-use prevention",
        (
            "Drew three circles and moved one person outward",
            "Moved {support} to the inner circle",
            "Planned what to say to a cousin who still uses",
            "Found the inner circle small and asked for meeting ideas",
            "Tied {trigger} to the same two people",
            "Decided to change a phone number this week",
        ),
    ),
    Topic(
        A,
        "A day that holds",
        "Built a plain weekday: rise, medicine, food, movement, people, bed. Looked for the hour "
        "that tips it.",
        "Return-to-use prevention",
        (
            "Built a weekday around a morning dose and breakfast",
            "Found 4 PM to be the hour that tips the day",
            "Put {coping} between work and home",
            "Kept last week's plan on four of five days",
            "Added a call with {support} at lunch",
            "Made the plan smaller so that it can hold",
        ),
    ),
    Topic(
        A,
        "Places, routes and phones",
        "Listed risky places and contacts. Changed one route and removed or muted contacts together.",
        "Return-to-use prevention",
        (
            "Muted four contacts during the session",
            "Changed the way home and spoke about {trigger}",
            "Asked {support} to drive along for the first week",
            "Kept one number and told the group why",
            "Marked three safe places on the map",
            "Deleted an app that used to lead to buying",
        ),
    ),
    Topic(
        A,
        "After the program",
        "Looked ahead to fewer hours: what stays, who stays, and what to build now.",
        "Return-to-use prevention",
        (
            "Listed what stays after the program, with {support} first",
            "Visited a community group once and will go again",
            "Worried aloud about free evenings and planned two",
            "Chose {coping} as the one skill to keep for good",
            "Asked about coming back for extra visits if needed",
            "Set a date to talk about fewer hours with {their} counselor",
        ),
    ),
    Topic(
        E,
        "How the medicines work",
        "Explained buprenorphine, naltrexone and naloxone with a simple drawing. Took questions, "
        "including side effects and how long.",
        "Health education",
        (
            "Asked how long people stay on medicine and why",
            "Explained {their} own medicine back in plain words",
            "Asked about feeling tired in the afternoon",
            "Took a drawing home for {support}",
            "Corrected a rumor about medicine {they} had heard at work",
            "Learned what to do about a late dose",
        ),
    ),
    Topic(
        E,
        "Overdose: see it, act, stay",
        "Practiced recognizing an overdose, naloxone, rescue breaths and calling 911. Each person "
        "checked their kit.",
        "Health education",
        (
            "Practiced with a training spray and showed the steps",
            "Found {their} naloxone expired and took a new kit",
            "Will teach the steps to {support}",
            "Spoke about an overdose {they} saw and what helped",
            "Learned why fentanyl in pills changes the risk",
            "Placed the kit by the front door",
        ),
    ),
    Topic(
        E,
        "What the body repairs, and when",
        "Showed what improves in days, weeks and months: sleep, mood, liver, memory. Each person "
        "named one change already felt.",
        "Health education",
        (
            "Named better appetite as the first change felt",
            "Was relieved that low mood in the first weeks is common",
            "Asked when memory gets better",
            "Noted fewer headaches since week two",
            "Will book a checkup, and {support} will drive",
            "Linked {trigger} to poor sleep the night before",
        ),
    ),
    Topic(
        E,
        "Food, movement and mood",
        "Cooked a simple plan on paper for three days. Short stretch together.",
        "Health education",
        (
            "Planned three breakfasts and bought nothing new",
            "Stretched with the group and laughed",
            "Chose a walk after group with {support}",
            "Saw how sugar and cravings follow each other",
            "Will keep a snack ready for {trigger}",
            "Signed up for the free gym hour",
        ),
    ),
    Topic(
        F,
        "What families ask us",
        "Families and members wrote questions on cards. Answered with facts about the illness, "
        "medicine and hope.",
        "Family education",
        (
            "Wrote a question for {their} family on a card",
            "Listened to what worries {support} most",
            "Explained to a parent in the room how cravings work",
            "Asked family to notice good days too",
            "Thanked {support} for coming on a Saturday",
            "Named {trigger} so that home can plan for it",
        ),
    ),
    Topic(
        F,
        "Helping without rescuing",
        "Sorted kind acts into those that help and those that take over. Each family chose one to "
        "stop and one to start.",
        "Family education",
        (
            "Told {support} which help truly helps",
            "Agreed that rides stay and reminders stop",
            "Practiced asking instead of hinting",
            "Heard a mother say she sleeps again",
            "Set one rule about money at home",
            "Asked for one call at times of {trigger}",
        ),
    ),
    Topic(
        F,
        "Talking when it is calm",
        "Practiced ten calm minutes: one speaks, one repeats, then swap. No solving.",
        "Family skills",
        (
            "Spoke for five minutes while {support} only repeated",
            "Found repeating harder than speaking",
            "Said one thing about {trigger} that had waited for years",
            "Chose Sunday after lunch for ten calm minutes",
            "Stopped when voices rose and began again",
            "Left with a plan for one talk this week",
        ),
    ),
    Topic(
        F,
        "A safer home",
        "Looked at medicine boxes, alcohol at home, naloxone and visitors. Each family wrote three changes.",
        "Family education",
        (
            "Asked for a locked box for medicine at home",
            "Agreed with {support} to keep alcohol out of the house",
            "Put naloxone on the fridge and showed everyone",
            "Planned visits around {trigger}",
            "Wrote three changes and started with one",
            "Made a list of visitors who help",
        ),
    ),
)


def topics_of(kind: GroupKind) -> tuple[Topic, ...]:
    return tuple(topic for topic in TOPICS if topic.kind is kind)
