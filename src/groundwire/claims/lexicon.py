"""The words that the rules of this room go by."""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

STARTERS = _words(
    "the a an he she it they we i you his her its their our my this that these those there here in on at by for",
    "from with as after before during since while when although however but and so if then both many most some",
    "several one two according despite",
)
"""Words that begin sentences."""

MAY_END = _words(
    "jr sr inc ltd co corp llc plc etc a.m p.m u.s u.k u.n e.u d.c b.c a.d ph.d m.d b.a m.a b.sc m.sc bros ave",
    "blvd rd jan feb mar apr jun jul aug sep sept oct nov dec u.s.a l.a n.y",
)
"""Abbreviations that end a sentence only before a word that begins one."""

GOING_ON = _words(
    "dr mr mrs ms mx prof st mt ft gen col sgt capt cmdr lt maj adm rev hon sen rep gov pres messrs e.g i.e cf vs",
    "v viz approx ca c fig figs eq eqs sec ch pp ed eds vol vols al est dept univ esp incl resp no nos",
    "bzw nr vgl evtl ggf inkl sog bspw mio mrd",
)
"""Abbreviations after which a sentence goes on."""

COUNTING = _words("am vom zum zur beim im ab bis seit der die das dem den des")
"""German words after which a number with a full stop is an ordinal: am 3. Oktober, im 19. Jahrhundert."""

FOREIGN = _words(
    "de la le les des du et est une un dans pour que qui sur pas avec au aux par sont der die das und ist nicht",
    "ein eine den dem mit von zu auf für im es el los las y en por con una del se su al lo il di che è per sono",
    "della nel più o os uma não em da na com het een van niet zijn op och att det som är på av til og jest",
    "nie się że",
)
"""Function words of other languages in Latin script."""

ENGLISH = _words(
    "the of and to in is was for on that with as by at from it he she they this which are be his her an or were",
    "has have had not but its their been who also will can more than when all there one would about after into",
    "other",
)
"""Function words of English."""

ONLY_ENGLISH = _words(
    "the of and that from it he she they this which be an or were have had but its their been who will can more than",
    "when would about after into other does did could should may might must such because so only between during",
    "while where what how out no these those them then my your our we you",
) - _words("an or be can it so no more")
"""Function words that other languages in Latin script do not have."""

WRITTEN = _words(
    "ar bg bs ca cs da de el en es et eu fa fi fr ga gl he hi hr hu id is it ja ko lt lv mk ms nl no pl pt ro ru sk sl",
    "sq sr sv sw th tl tr uk vi zh",
)
"""Languages that much is written in (ISO 639). Rarer ones are seldom meant, and take their neighbours' texts:
Luxembourgish German ones, Nigerian Pidgin English ones."""

THINKING = _words(
    "think believe feel guess suppose know understand",
)
"""Verbs of holding for true."""

FEELING = _words(
    "hope wish want love like hate enjoy appreciate apologize apologise recommend suggest advise prefer regret",
    "encourage doubt wonder look sorry glad happy pleased delighted afraid proud excited unable here",
    "confident sure certain thank",
)
"""What those who speak of themselves feel, wish and advise: no source says otherwise."""

SAYING = _words(
    "said says say told tells wrote writes added explained noted stated remarked argued replied continued concluded",
)
"""Verbs of saying, with which a quotation is somebody's."""

JUDGING = _words(
    "beautiful amazing awesome wonderful fantastic terrible horrible awful delicious lovely great good bad boring",
    "interesting fascinating charming stunning breathtaking excellent perfect nice fun funny exciting impressive",
    "incredible remarkable unforgettable magical enjoyable worthwhile overrated underrated ugly best worst better",
    "worse",
)
"""Adjectives that state a taste."""

NOT_PEOPLE = _words(
    "computer number tower river water paper letter power center theater chapter order career beer deer cheer list",
    "mist twist fist wrist gist playlist checklist shortlist median talisman",
)
"""What looks like a noun for people by its ending."""

FEMALE = _words(
    "mrs ms miss madam queen princess empress duchess lady actress businesswoman chairwoman spokeswoman woman",
    "girl mother daughter sister wife aunt nun",
)
"""Titles and nouns for women."""

MALE = _words(
    "mr sir king prince emperor duke lord actor businessman chairman spokesman man boy father son brother husband",
    "uncle pope monk",
)
"""Titles and nouns for men."""

PERSON_NOUNS = _words(
    "actor actress singer songwriter musician composer conductor pianist guitarist drummer rapper dancer painter",
    "sculptor artist writer author novelist poet playwright journalist editor publisher director producer",
    "filmmaker politician president minister senator governor mayor king queen prince princess emperor empress",
    "duke duchess lord lady lawyer judge attorney doctor physician surgeon nurse scientist physicist chemist",
    "biologist mathematician engineer inventor economist historian philosopher professor teacher scholar",
    "researcher student player footballer cricketer boxer wrestler swimmer athlete cyclist driver coach manager",
    "striker midfielder defender goalkeeper quarterback soldier officer general admiral pilot astronaut explorer",
    "priest bishop pope monk nun saint activist entrepreneur businessman businesswoman businessperson executive",
    "founder chairman chairwoman chairperson ceo banker investor architect designer chef model comedian presenter",
    "host broadcaster man woman boy girl person father mother son daughter brother sister husband wife uncle aunt",
    "cousin friend child baby leader member citizen victim suspect killer criminal spokesman spokeswoman",
    "spokesperson ambassador diplomat secretary chancellor youtuber blogger influencer personality celebrity star",
    "winner champion runner golfer performer stuntman entertainer commander warrior legate consul skater skier gymnast",
)
"""What people are called by what they are or do."""

STANDING = _words(
    "located situated based known called named used considered made found composed related characterized",
    "associated spoken surrounded bordered connected involved headquartered regarded dedicated owned required",
    "designed",
)
"""Participles that say what is, not what was done."""

KEEPING = _words(
    "either neither nor or only not both",
)
"""Conjunctions whose parts are one statement."""

CONTRAST = _words(
    "although though whereas while",
)
"""What opens a clause that is stated beside the main one."""

CONDITIONAL = _words(
    "if unless whether lest provided assuming until whenever wherever",
)
"""What opens a clause that is supposed, not stated."""

BE = _words(
    "is are was were be been being 's 're ’s ’re am",
)
"""Forms of to be."""

EMPTY_IT = _words(
    "seem seems seemed appear appears appeared rains rained raining snows snowing takes took turns turned happens",
)
"""Verbs whose "it" means nothing."""

FOLLOWING = _words(
    "making causing resulting leading allowing including according bringing giving leaving having being",
    "compared given combined followed coupled provided",
)
"""Participles whose subject is what the sentence says, not its subject; and auxiliaries."""

LINKING = _words("addition contrast fact case cases example instance general particular conclusion summary")
"""What stands after a preposition that only links sentences: in addition, in fact."""

SUFFERED = _words(
    "raised educated buried baptized baptised schooled elected appointed named awarded nominated reared born known"
)
"""Participles that the parser takes for past tenses when they are coordinated: born in Rome and raised in Milan."""

PREPOSITIONS = _words("in on at by from near to since until around before after during between")
"""With which an answer to "when" and "where" may begin."""

COLLECTIVE = _words(
    "met meet meets married marry divorced divorce merged merge collaborated collaborate cooperated agreed agree",
    "agrees disagreed disagree differ differed differs combined combine share shared shares united unite joined signed",
    "negotiated fought split separated total totaled totalled equal overlap overlapped intersect compete competed",
    "clashed",
)
"""Verbs that several do with each other."""

TOGETHER = _words("together jointly another each mutual mutually")
"""What says that several things are spoken of as one, or one by one in an order."""

MIXING = _words(
    "between among combination mixture mix blend merger union relationship relation difference differences distance",
    "conflict war border tension balance collaboration partnership friendship consists consist consisted composed",
    "comprises comprised pair link connection comparison similarities agreement treaty mixed combines combined",
)
"""Words before things that are named together because they belong together."""

TITLED = _words(
    "wrote written write writes author authored published directed starred novel film movie book play series show",
    "album song episode magazine titled entitled called named read edited translated company firm brand",
)
"""Words near which two names joined by "and" may be one title."""

UNITS = _words(
    "foot feet inch inches yard yards mile miles pound pounds ounce ounces hour hours minute minutes second seconds",
    "year years month months week weeks day days dollar dollars cent cents degree degrees percent stone euros",
)
"""Units whose sums are one quantity."""

FIXED = frozenset(
    (
        "bosnia and herzegovina", "trinidad and tobago", "antigua and barbuda", "serbia and montenegro",
        "kitts and nevis", "tomé and príncipe", "tome and principe", "newfoundland and labrador", "jammu and kashmir",
        "turks and caicos", "tyne and wear", "research and development", "trial and error", "supply and demand",
        "mergers and acquisitions", "arts and sciences", "law and order", "terms and conditions", "pros and cons",
        "rock and roll", "rhythm and blues", "profit and loss", "oil and gas", "food and drink", "bed and breakfast",
        "health and safety", "science and technology", "ups and downs", "black and white", "checks and balances",
    )
)  # fmt: skip
"""Names and terms that have "and" in them."""

RULERS = _words(
    "king queen emperor empress pope prince duke sultan caliph president governor chancellor minister bishop"
)
"""Whose two years may be those of their office."""

PASSED = _words(
    "a an the this that these those it its he him his she her hers they them their theirs we us our i me my you your",
    "who whom whose which what where when there here is are was were be been being am has have had having do does did",
    "and but while although though whereas yet then so as of in on at to by for with from into s",
    "also however moreover furthermore additionally besides thus therefore hence overall meanwhile too indeed well",
    "include includes included including such both namely called named located",
)
"""Words that a claim may leave out, or have, without saying something else."""

SELDOM = _words("hardly scarcely barely rarely seldom")
"""Adverbs that deny nearly all of what they stand by."""

NOBODY = _words("no none nobody nothing few little neither")
"""What makes a subject nobody, or nearly nobody: what is said of it is not said of each part."""

HEDGES = _words(
    "reportedly allegedly supposedly apparently probably possibly perhaps maybe presumably likely purportedly",
    "seemingly potentially arguably ostensibly conceivably",
)
"""Adverbs that make a statement less than certain."""

ACCOUNTS = _words("theory account accounts reports opinion view estimates")
"""With a preposition, whose word a statement is: by some accounts, in their view."""

SECTIONS = _words(
    "life career history legacy overview background education awards works work conclusion summary introduction",
    "benefits advantages disadvantages features facts details death family birth childhood marriage influence impact",
    "causes symptoms treatment diagnosis prevention risks uses definition examples types key main early later personal",
    "professional notable final thoughts note notes steps step tips pros cons answer questions question section part",
    "important other related references sources further reading see also faq about what why how when where who",
    "timeline performance speed cost costs price pricing location geography climate economy culture politics",
    "government sports design construction architecture development research discovery discoveries achievements",
    "contributions",
)
"""Words of headings and labels that name a part of the text, and nobody and nothing in the world."""

ATTRIBUTES = _words(
    "population area capital currency height length width depth weight location headquarters industry type founder",
    "founders ceo owner president director author publisher genre language languages religion leader mayor chairman",
    "spouse wife husband children parents nationality occupation profession birthplace birth death age revenue income",
    "profit employees website products services subsidiaries symbol number density point speed price cost duration",
    "date platform developer designer architect engine power capacity elevation climate motto students species genus",
    "habitat diet lifespan size dosage ingredient manufacturer diameter mass distance temperature position team club",
    "country city region continent government parliament coach manager stadium league label producer composer",
)
"""What a thing has, as the labels of fact sheets call it: "Population: 2.8 million"."""

LEADING = _words(
    "is are was were be",
    "include includes included including contain contains contained comprise comprises offers offer offered provides",
    "provide provided has have had sells sell covers cover features feature requires require needs need supports won",
    "support produces produce makes make uses use causes cause treats treat like affects affect owns own",
)
"""With which the lead-in of a list ends, besides prepositions."""

NATIONAL = _words(
    "french german greek dutch swiss czech thai arab arabic european african american asian italian indian"
)
"""Adjectives that keep their capital letter, beside those in -ese, -ish and -ian."""

SUPPOSING = _words("imagine suppose assume picture pretend say feel")
"""With which a reader is asked to imagine something, or told to feel free."""

TALKING = SUPPOSING | _words(
    "think consider note look compare bear forgive excuse correct worry hesitate panic mind enjoy trust listen",
    "rephrase clarify elaborate notice recall hope wish thank guess believe",
)
"""With these, what the reader is told to do is not a rule that a source could have otherwise."""

REFERRING = _words("contact consult ask visit see read refer seek talk speak reach call email discuss")
"""Whom to ask and what to read is said at the end of any answer; when and where to do so is not."""

LIGHT = _words("take have give keep do")
"""Verbs that say nothing without their noun,"""

IDLE = _words("look try time breath fun mind example instance break moment research")
"""which may say nothing either: take a look."""

CONVERSATION = _words(
    "question questions query queries information info details detail context help assistance concerns clarification",
    "example examples instance website updates more mind else link text one sure unsure assured",
)
"""What conversations are about: "ask if you have questions", "read on for more information"."""

DOING_KEYS = _words(
    "accepts allows applies contains covers exists expires features includes involves needs offers permits provides",
    "qualifies requires serves supports uses",
)
"""Verbs that keys of truth values begin with: accepts_cards."""

ADJECTIVE_KEYS = _words(
    "free open available valid full empty public private final optional vegan vegetarian legal illegal safe paid sold",
    "online offline new due overdue married dead alive present absent secure eligible complete correct known hidden",
    "broken taken given fit ill male female single",
)
"""Adjectives that such keys end with and that do not look like ones."""
