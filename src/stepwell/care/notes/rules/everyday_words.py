"""First and last names that are also everyday words, in English or Spanish.

Only a capital letter tells them apart: "he will come" names nobody, "Will came" may. They are kept without accents, in
lower case. A name that is missing here is found in any case, which errs on the side of silence.
"""

EVERYDAY_WORDS = frozenset(
    """
    ace amber angel april art ash aspen august autumn axel bay bea bee bell belle best bill birch black blossom blue
    bob bond booker brand brandy brave breeze bridge brook brooks brown buck bud buddy burn burns bush butch butler
    candy carol case cash chance charity chase cherry chip christian chuck church clay clement cliff close clover
    cole colt cook cooper coral cotton court coy crystal dale dallas daisy dash dawn day dean destiny dew diamond dick
    dixie dolly dot drake drew duke dusk dusty earl early ease east easter eden eve ever faith fall fern field finch
    fisher flint flora ford forest fox france frank freedom french friend gale garnet gay gene genesis ginger glass
    glen glory good grace grant gray green grey ground guy gypsy hale hall harmony harper haven hazel heart heath
    heather heaven henna hill holiday holly honey honor hope hour hunt hunter ice iris iron ivory ivy jack jade jasmine
    jay jean jeans jewel job jolly joy jump june justice karma kale key king kit kitty knight lake lance land lane
    lark larry laurel law lee less levy lily link lion little long lord lot lotus love loyal lucky luna lynx mae
    maple mar marina mark marsh martin mason may mercy merry mickey mike miles mill mills miller mint miracle misty
    moon morning moss muse myrtle neat new night noble noel north nova oak ocean olive opal own pace page paige paris
    park parker pat patience patsy peace peach pearl penny pepper perry pierce pike pine piper poet pony poppy porter
    post precious price prince princess promise queen rain raven ray red reed reign rich river robin rock rocky rod
    rose rosemary royal ruby rush russet rusty rye sage sally sandy sawyer scout sea shade shepherd short silver
    singer skip sky skye small smith snow sol sonny spring star stark stella sterling stone storm stormy strong sue
    summer sun sunday sunny sunshine swan sweet swift tad tanner taylor teddy temple terry tiger timber tipsy todd
    toy treasure tree trinity trip true truly tucker turner van velvet victor viola violet virtue wade walker wall
    ward waters way weaver webb west wheat white wild will willow wills win winter wise wish wolf wood woods wren
    young zen
    abril alba alegre alma amable amada amado amor angel angeles amparo arroyo aurora bello blanca blanco bravo bueno
    camino campo campos caridad carmen casa castillo cielo clara claro concepcion consuelo corazon cordero corona
    cortes cruz cuevas delgado dolores domingo dulce duro esperanza estrella fe feliz fiel flor flores fuente fuentes
    gallo gloria gracia guerra hermosa hierro hoyos iglesia inocencia jardin jesus jimena justo lago leal leon linda
    lluvia lobo lucero luna luz maravilla marina mayo medina mejia mercedes merced milagro milagros misericordia
    montes moreno natividad nieves noche novia olivo pablo pastor paz pena perla pilar piedra pino plata prado prieto
    primavera principe reina reyes rico rios risa rivera rocio rojas rojo rosa rosario rosas rubio salvador santa
    santo santos serrano sierra socorro sol sola soledad soto suerte tierra torre torres trinidad valle vega verdad
    victoria vida vidal villa virtudes zapata
    """.split()  # noqa: SIM905 a list one may read
)
