"""First names that one person may go by. Our own short list of what an American front desk hears; add what you meet.

Each line is a group of forms without accents. A form may stand in more than one group: Alex is Alexander and Alexandra.
"""

_GROUPS = """
abigail abby gail
albert al bert
alejandra alexandra alex sandra ale
alejandro alexander alex xander sasha
alfonso alfred fred al poncho
andrea andie drea
andres andrew andy drew
anthony antonio tony toni
barbara barb babs
benjamin ben benny
bernadette bernie
catherine katherine kathryn kathleen catalina cathy kathy kate katie kat cat kit kitty
charles carlos charlie chuck chaz carl
christina christine cristina chris chrissy tina christy
christopher cristobal chris kit topher
concepcion concha conchita
cynthia cindy
daniel dan danny
daniela danielle dani
david davy dave
deborah debra debbie deb
dolores lola dolly
dominic domingo dom nick
dorothy dot dottie dolly
edward eduardo ed eddie ted ned lalo
eleanor elena ellie nell nora
elizabeth elisabeth isabel isabella beth betsy betty liz lizzie eliza lisa libby bella chabela
emily emilia emma em
enrique henry hank harry quique
ernesto ernest ernie neto
esperanza hope
eugene gene
evelyn eve evie
federico frederick fred freddy
fernando nando
florence flora flo
francis frank frankie fran
francisco frank paco pancho kiko cisco
frances francisca fran frannie paquita
gabriel gabe
gabriela gabrielle gabby gaby
gerald gerardo gerry jerry
gregory gregorio greg
guadalupe lupe lupita
guillermo william will bill billy willy liam memo
gwendolyn gwen
harold harry hal
ignacio nacho iggy
jacob jake jay
james jaime jim jimmy jamie
jacqueline jackie
jason jay
javier javi
jeffrey geoffrey jeff
jennifer jen jenny jenna
jessica jess jessie
jesus chuy
joan joanna juana joanne jo
john juan jack johnny jon jonathan johnathan
jose joseph joe joey pepe
joshua josh
josefina josephine josie jo pepa fina
judith judy jude
julia julie juliana jules
kenneth ken kenny
kimberly kim
lawrence larry lorenzo
leonard leonardo leo len lenny
leticia letty lettie
louis luis lewis lou
lourdes lulu
lucia lucy lucille
luz lucy
manuel manny manolo
margaret margarita maggie meg peggy rita marge greta daisy
maria mary marie mia mariah molly polly
marcus marcos mark marc
martha marta marty
matthew mateo matt
maximilian max
mercedes mercy meche
michael miguel mike mikey mick mickey
michelle michele shelly micky
mohammed muhammad mohamed mohammad mo
monica mona
nancy ann
anna ana anne ann annie anita hannah
natalia natalie nat talia natasha
nathaniel nathan nate nat
nicholas nicolas nick nico nicky
nicole nicki nikki
octavio tavo
olivia liv livvy
pamela pam
patricia pat patty trish tricia
patrick patricio pat paddy
paul pablo
pedro peter pete
philip phillip felipe phil
rachel raquel rae
rafael raphael rafa ralph
ramon raymond ray moncho
raul ralph
rebecca becky becca reba
refugio cuca
richard ricardo rick ricky rich dick richie
robert roberto rob robbie bob bobby bert beto
roberta bobbie robin
robin robert roberta
roger rogelio rodge
rodrigo rod
ronald ron ronnie
rosa rose rosie rosita rosario
samantha sam
samuel sam sammy
sarah sara sally sadie
sebastian seb bastian
sergio serge checo
sharon shari
silvia sylvia syl
socorro coco
sofia sophia sophie
stephanie estefania steph stevie fanny
stephen steven esteban steve
susan susana susanna sue susie suzanne
teresa theresa terry tess tessa tere
theodore teodoro ted teddy theo
thomas tomas tom tommy
timothy tim timmy
valentina val tina
veronica vero ronnie
vicente vincent vince vinny chente
victor vic
victoria vicky tori
virginia ginny
walter walt wally
wilfredo fredo
yolanda yoli
zachary zach zack
"""

GROUPS: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split()) for line in _GROUPS.strip().splitlines() if line
)


def forms_of(name: str) -> frozenset[str]:
    """Every form that a first name may take, itself among them."""
    return frozenset({name}).union(*(group for group in GROUPS if name in group))
