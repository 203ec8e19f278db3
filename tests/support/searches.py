"""A small shop, and what people type into its search with what it must find: that, and nothing else of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Copy:
    """A product and its one copy. `barcode` is the product's, `own_barcode` the copy's."""

    key: str
    title: str
    artist: str = ""
    label: str = ""
    catalog_number: str = ""
    barcode: str = ""
    format: str = ""
    sku: str = ""
    own_barcode: str = ""


COPIES = (
    # codes
    Copy("parallel", "Glass Houses", catalog_number="TPLP71", sku="SHELF-0041"),
    Copy("factory", "Closer Still", catalog_number="FAC 23.12", label="Factory"),
    Copy("doors", "Strange Nights", catalog_number="EKS 75011, K 42 090"),
    Copy("sides", "Two Sides", catalog_number="BLP-4003/ST 84003"),
    Copy("blue", "Kind of Teal", "Myles D", catalog_number="CS 8163", barcode="074646493519"),
    Copy("welt", "Weltraum", catalog_number="MW059LP", own_barcode="0 75992 73871 2"),
    Copy("ean", "Ocean Drive", own_barcode="4006381333931"),
    Copy("lost", "Lost Zero", own_barcode="20642442524"),
    Copy("tokyo", "Night in Shinjuku", catalog_number="東芝 80123-B"),
    Copy("short", "Shortwave", own_barcode="00001234", sku="1234567"),
    # divided or run together
    Copy("acdc", "Powerage Again", "AC/DC"),
    Copy("nwa", "Express Yourselves", "N.W.A"),
    Copy("rem", "Out of Thyme", "R.E.M."),
    Copy("remedios", "La Nube", "Remedios"),
    Copy("dangelo", "Woodoo", "D'Angelo"),
    Copy("sinead", "The Tiger", "Sinéad O’Connor"),
    Copy("b52s", "Cosmic Stuff", "The B-52's"),
    Copy("4hero", "Parallel Worlds", "4 Hero"),
    Copy("rundmc", "Raising Heck", "Run-D.M.C."),
    Copy("xray", "Germfree", "X-Ray Spex"),
    Copy("ub40", "Signing On", "UB40"),
    Copy("maroon", "Songs About June", "Maroon 5"),
    Copy("nerd", "In Search Of", "N*E*R*D"),
    Copy("wasp", "The Last Command", "W·A·S·P"),
    Copy("marrs", "Pump Up", "M/A/R/R/S"),
    Copy("oneletter", "A Lowe Supreme", "J. J. Cole"),
    Copy("roll", "Rock ’n’ Roll Is King"),
    Copy("vol2", "Dub Plates Vol. 2"),
    Copy("soft", "Rock\u00adabilly Night"),
    Copy("run", "Tracks Runtogether", "ACMC"),
    Copy("catalan", "Col·lecció"),
    Copy("saint", "St. Elsewhere", "Mr. T"),
    # letters
    Copy("lona", "Toast", "Łona"),
    Copy("lonavla", "Lonavla Express"),
    Copy("motor", "Ace of Clubs", "Motörhead"),
    Copy("aerzte", "Planet Punk", "Die Ärzte"),
    Copy("umlaut", "Gruesse", "Muenchner Freiheit"),
    Copy("aenima", "Ænima"),
    Copy("agaetis", "Ágætis byrjun"),
    Copy("void", "ØØ Void"),
    Copy("strasse", "Straße der Lieder"),
    Copy("thor", "Þursar", "Ðorđe"),
    Copy("istanbul", "Işık", "İstanbul Trio"),
    Copy("oeuvre", "Œuvres"),
    Copy("kino", "Ночь", "Кино"),
    Copy("lata", "मेरी आवाज़", "लता मंगेशकर"),
    Copy("fairuz", "أُمّ كلثوم"),
    Copy("harai", "はらいそ", "細野晴臣"),
    Copy("miles", "マイルス・デイヴィス"),
    Copy("wide", "Ｗａｒｐ Works"),
    # signs
    Copy("pink", "Missundaztood", "P!nk"),
    Copy("kesha", "Cannibal", "Ke$ha"),
    Copy("asap", "Long Live", "A$AP Ferg"),
    Copy("dolla", "Beach House", "Ty Dolla $ign"),
    Copy("badass", "Dead Prez", "Joey Bada$$"),
    Copy("help", "Help!"),
    Copy("chk", "Louden Up", "!!!"),
    Copy("chk2", "Myth Takes", "!!"),
    Copy("question", "?"),
    Copy("cross", "†", "Justice"),
    Copy("heart", "♥"),
    Copy("slash", "Only a Backslash", "\\"),
    Copy("price", "Sold for $20"),
    # formats
    Copy("single", "Seven", format='7", Single'),
    Copy("inches", "Maxi", format="12 Inch, 45 RPM"),
    Copy("prime", "Ten", format="10″, EP"),
    Copy("lp", "Longplayer", format="LP, Album"),
    Copy("double", "Twofold", format="2xLP, Gatefold"),
    Copy("triple", "Threefold", format='3x12", Box'),
    Copy("mix", 'Heartbeat (12" Mix)'),
    Copy("quoted", 'The "99" Sessions'),
    Copy("curly", "The “45” Sessions"),
    Copy("year", "1999", "Prints"),
    Copy("guns", "Guns “N” Roses’ Best"),
)

SEARCHES: tuple[tuple[str, str], ...] = (
    # codes, however they are divided
    ("TPLP71", "parallel"), ("TPLP 71", "parallel"), ("tplp-71", "parallel"), ("tplp", "parallel"),
    ("tplp72", ""), ("SHELF 41", ""), ("shelf0041", "parallel"), ("0041", "parallel"),
    ("FAC 2312", "factory"), ("FAC 23.12", "factory"), ("fac2312", "factory"), ("fac-23-12", "factory"),
    ("2312", "factory"), ("FAC 13", ""),
    ("K42090", "doors"), ("K 42090", "doors"), ("k-42-090", "doors"), ("EKS75011", "doors"),
    ("eks 75011", "doors"), ("42090", "doors"), ("EKS 42090", "doors"), ("K75011", ""),
    ("BLP4003", "sides"), ("ST84003", "sides"), ("st-84003", "sides"), ("blp 4003 st 84003", "sides"),
    ("cs-8163", "blue"), ("CS8163", "blue"), ("C S 8163", "blue"), ("myles 8163", "blue"), ("CS 8164", ""),
    ("MW059 LP", "welt"), ("mw 059", "welt"), ("mw59", ""),
    ("東芝80123", "tokyo"), ("80123b", "tokyo"), ("80123-B", "tokyo"),
    # barcodes, with their spaces, dashes and zeros or without
    ("074646493519", "blue"), ("0 74646 49351 9", "blue"), ("0-74646-49351-9", "blue"),
    ("0074646493519", "blue"), ("00074646493519", "blue"), ("74646493519", "blue"), ("0 74646", "blue"),
    ("74646 49351", "blue"), ("074646493510", ""),
    ("075992738712", "welt"), ("75992738712", "welt"), ("0 75992 73871 2", "welt"), ("0075992738712", "welt"),
    ("4006381333931", "ean"), ("04006381333931", "ean"), ("4 006381 333931", "ean"), ("006381333931", ""),
    ("020642442524", "lost"), ("0020642442524", "lost"),
    ("00001234", "short"), ("000000001234", ""), ("1234", "short"), ("01234567", ""),
    # names, divided otherwise or not at all
    ("acdc", "acdc"), ("ac dc", "acdc"), ("AC/DC", "acdc"), ("ac-dc powerage", "acdc"), ("acd", "acdc"),
    ("acmc", "run"), ("ac/mc", "run"), ("runtogether", "run"), ("run together", "run"),
    ("nwa", "nwa"), ("n w a", "nwa"), ("N.W.A", "nwa"), ("nwb", ""),
    ("rem", "rem remedios"), ("r.e.m.", "rem remedios"), ("rem thyme", "rem"), ("remedios", "remedios"),
    ("dangelo", "dangelo"), ("d'angelo", "dangelo"), ("d’angelo", "dangelo"), ("angelo", "dangelo"),
    ("oconnor", "sinead"), ("o connor", "sinead"), ("sinead o'connor", "sinead"), ("o´connor", "sinead"),
    ("b52s", "b52s"), ("b-52's", "b52s"), ("b 52", "b52s"), ("the b52's", "b52s"), ("52s", "b52s"),
    ("4hero", "4hero"), ("4 hero", "4hero"), ("4-hero worlds", "4hero"),
    ("run dmc", "rundmc"), ("rundmc", "rundmc"), ("run-dmc", "rundmc"), ("dmc", "rundmc"),
    ("xray spex", "xray"), ("x-ray", "xray"), ("x ray spex", "xray"),
    ("ub 40", "ub40"), ("UB40", "ub40"), ("ub-40 signing", "ub40"),
    ("maroon5", "maroon"), ("maroon 5", "maroon"),
    ("nerd", "nerd"), ("N*E*R*D", "nerd"), ("wasp", "wasp"), ("w.a.s.p.", "wasp"), ("marrs", "marrs"),
    ("jj cole", "oneletter"), ("j.j. cole", "oneletter"), ("jjcole", "oneletter"),
    ("rock n roll", "roll"), ("rock'n'roll", "roll"), ("rocknroll", "roll"),
    ("vol 2", "vol2"), ("vol2", "vol2"), ("vol.2", "vol2"),
    ("rockabilly", "soft"), ("rock\u00adabilly", "soft"),
    ("colleccio", "catalan"), ("col·lecció", "catalan"), ("mrt", "saint"), ("stelsewhere", ""),
    # letters that are written otherwise
    ("lona", "lona lonavla"), ("łona", "lona lonavla"), ("motorhead", "motor"), ("motoerhead", "motor"),
    ("MOTÖRHEAD", "motor"), ("aerzte", "aerzte"), ("arzte", "aerzte"),
    ("die ärzte", "aerzte"), ("münchner", "umlaut"), ("grüsse", "umlaut"), ("munchner", ""),
    ("aenima", "aenima"), ("ænima", "aenima"), ("agaetis", "agaetis"), ("ágætis byrjun", "agaetis"),
    ("oo void", "void"), ("øø", "void"), ("strasse", "strasse"), ("STRASSE", "strasse"),
    ("straße", "strasse"),
    ("thursar", "thor"), ("dorde", "thor"), ("isik", "istanbul"), ("ISIK", "istanbul"), ("oeuvres", "oeuvre"),
    ("кино", "kino"), ("КИНО", "kino"), ("лата", ""),
    ("लता", "lata"), ("मंगेशकर", "lata"), ("मे", "lata"), ("ल ता", "lata"), ("ता", ""),
    ("ام", "fairuz"), ("أم كلثوم", "fairuz"), ("はら", "harai"), ("細野", "harai"), ("野晴臣", "harai"),
    ("マイルス デイヴィス", "miles"), ("warp", "wide"),
    # signs for letters, and names of signs
    ("pink", "pink"), ("p!nk", "pink"), ("kesha", "kesha"), ("ke$ha", "kesha"), ("asap", "asap"),
    ("a$ap ferg", "asap"), ("ty dolla sign", "dolla"), ("$ign", "dolla ub40"), ("badass", "badass"),
    ("help", "help"), ("help!", "help"), ("helpi", ""), ("s20", ""), ("$20", "price lost"),
    ("!!!", "chk"), ("!!", "chk chk2"), ("!", "chk chk2"), ("?", "question"), ("??", ""), ("†", "cross"),
    ("‡", ""), ("♥", "heart"), ("\\", "slash"), ("'", ""), ('"', ""), ("…", ""), ("-", ""),
    ("justice", "cross"),
    ("louden !!!", "chk"), ("%", ""),
    # formats
    ('7"', "single"), ("7 inch", "single"), ("7inch", "single"), ("7in", "single"), ("7″", "single"),
    ("7”", "single"), ("7-inch single", "single"), ('7" lp', ""), ('10"', "prime"), ("10 inch", "prime"),
    ('12"', "inches triple mix"), ("12 inch", "inches triple mix"), ("12inch mix", "mix"), ('12" mix', "mix"),
    ("heartbeat 12", "mix"), ("lp", "lp double welt"), ("LP album", "lp"), ("2xlp", "double"),
    ("2 lp", "double welt"),
    ('3x12"', "triple"), ('"99"', "quoted"), ('99"', ""), ("99", "quoted"), ('45"', ""), ('"1999"', "year"),
    ("1999", "year"), ('1999"', "year"), ("roses best", "guns"), ("guns n roses", "guns"),
)  # fmt: skip
