"""Small files as sellers bring them, each with a fault that was seen; a count of rows that is made apart."""

import csv
import io


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


FILES: dict[str, bytes] = {
    "quotes inside": _lines(
        "sku,title,artist",
        'R1,"The "Hit"",A',
        "R2,Second,B",
        "R3,Third,C",
        'R4,12" Mix,D',
        "R5,Last,E",
    ),
    "quote left open": _lines(
        "sku,title,artist,label",
        'R1,"Open Road,A,L1',
        "R2,Second,B,L2",
        "R3,Third,C,L3",
        'R4,"Closed"",D,L4',
        "R5,Last,E,L5",
    ),
    "cells shifted": _lines(
        '"sku","title","artist","label","notes"',
        '"R1","Blue Signal 12"","New Season","Mill Records",""',
        '"R2","Plain","Someone","Mill Records","ok"',
        '"R3","x"',
    ),
    "none": _lines(
        "Catalog#,Artist,Title,release_id", "none,B9,Demo9,111", "none,B9,Demo9,222", "CAT9,B9,Demo9,"
    ),
    "currencies": _lines(
        "sku,title,artist,price",
        'C1,One,A,"12,50 €"',
        "C2,Two,A,£12",
        "C3,Three,A,¥1200",
        'C4,Four,A,"EUR 12,50"',
        "C5,Five,A,US $12.50",
        "C6,Six,A,$12.50",
        'C7,Seven,A,"CHF 12.50"',
    ),
    "dates of the US": _lines(
        "sku,title,artist,acquired",
        "D1,One,A,12/7/2023",
        "D2,Two,A,11/22/2023",
        "D3,Three,A,1/2/2024",
    ),
    "dates with two meanings": _lines("sku,title,artist,acquired", "D1,One,A,3/4/2023", "D2,Two,A,5/6/2023"),
    "Discogs, another's headers": _lines(
        "id,artist_name,release_title,price_value,price_currency,media,sleeve,labels,release_country,url,",
        "1,Somebody,A Title,12.00,USD,VG+,VG,Mill Records,Spain,https://example.com/1,x",
        "2,Somebody,Another,18.50,EUR,NM,NM,Mill Records,Spain,https://example.com/2,",
    ),
    "Etsy in Italian": _lines(
        "TITOLO,DESCRIZIONE,PREZZO,CODICE_VALUTA,QUANTITA,SKU", 'Disco,Vinile,"12,50",EUR,1,"A1,A2,A3"'
    ),
    "spreadsheet": _lines(
        "sku;title;artist;barcode;catno;price;acquired",
        "E1;One;A;7,20643E+11;040;12,5;12.07.2023 00:00",
        'E2;Two;A;720642442524.0;0000;"1.234,50";07.12.2023 00:00',
        "E3;Three;A;074646493519;Dec 84;-3;",
        "E4;Four;A;;1E5;0;#N/A",
    ),
    "release is a date": _lines(
        "Artist,Title,Release,Label",
        "Someone,First,1999-03-01,Mill Records",
        "Someone,Second,2004,Mill Records",
    ),
    "Shopify": _lines(
        "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
        "Variant Grams,Variant Inventory Qty,Variant Price,Image Src,Status",
        'blue-signal,Blue Signal,<p>LP</p>,Mill,LP,"jazz, rare",true,Title,Default Title,BS-1,9000.0,3,24.00,'
        "https://example.com/1.jpg,active",
        "blue-signal,,,,,,,,,,,,,https://example.com/2.jpg,",
        "blue-signal,,,,,,,,,,,,,https://example.com/3.jpg,",
        'red-line,Red Line,<p>7"</p>,Mill,7",,true,Grade,VG,RL-VG,120.0,1,6.00,'
        "https://example.com/4.jpg,unlisted",
        "red-line,,,,,,,,NM,RL-NM,120.0,1,9.00,,",
    ),
    "Discogs": _lines(
        "listing_id,artist,title,label,catno,format,release_id,status,price,listed,comments,media_condition,"
        "sleeve_condition,accept_offer,external_id,weight,format_quantity,location,quantity",
        '900001,Bad Company (3),"Night ""Live""",Mill Records (2),"MR 1, MR 2","LP, Album",700001,For Sale,'
        "24.5,2023-02-01 09:10:11,Light marks,Very Good Plus (VG+),Very Good (VG),Y,,230,1,A-1,1",
        '900002,Kyle D (2) & Mick S (9),Soundtrack,"[XYZ] Recordings, [XYZ] Recordings",'
        '"4XT-12545, 4XT 12545","2xLP",700002,For Sale,18.0,2023-02-01 09:10:12,,Near Mint (NM or M-),'
        "Not Graded,N,,460,2,A-2,25",
        '900003,?,†,Not On Label,none,"7""",700003,Draft,6.0,2023-02-01 09:10:13,,Mint (M),Generic,N,,60,'
        "1,,1",
        '900004,Lil J & The Boyz*,06:21:03:11,Mill Records,0000,"12""",700004,Sold,9.0,2023-02-01 09:10:14,,'
        "Good Plus (G+),No Cover,N,,120,1,A-3,1",
    ),
    "two pressings": _lines(
        "title,artist,label,year,format",
        'Same Album,Same Band,First Label,1985,"LP, Album"',
        'Same Album,Same Band,Other Label,2018,"CD, Album, RE"',
    ),
    "blanks": _lines(
        "title,artist,catalog_number,label,release_id",
        "†,Same Pair,,,",
        "†,Same Pair,BXC577,Bad Company Rec,",
    ),
}
"""What the files are about, and their bytes."""


def rows_counted(content: bytes, separator: str = ",", encoding: str = "utf-8") -> int:
    """Count the rows with content below the header, by nothing of the program that is tested.

    A file that keeps the rules of CSV throughout has the records that they say, another one its lines.
    """
    text = content.decode(encoding, "replace").lstrip("\ufeff")
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        records = []
    filled = [record for record in records if any(cell.strip() for cell in record)]
    if filled and all(len(record) == len(filled[0]) for record in filled):
        return len(filled) - 1
    return sum(1 for line in text.splitlines() if line.strip(f" {separator}")) - 1


PARCELS = _lines(
    "Tracking Number,Carrier,Service,Order ID,Cost,Weight (oz),Ship Date,Status",
    "9400111899560000000014,USPS,Media Mail,14-00001-00001,4.13,11.3,3/2/2026,Printed",
    '="9400111899560000000021",USPS,Media Mail,14-00001-00002,4.13,11.3,3/2/2026,Printed',
    "9.40011E+21,USPS,Media Mail,14-00001-00003,4.13,11.3,3/2/2026,Printed",
    "\u200b9400111899560000000038,USPS,Media Mail,14-00001-00004,4.13,11.3,3/2/2026,Voided",
    "https://example.com/track?n=9400111899560000000045,USPS,Media Mail,14-00001-00005,4.13,11.3,3/2/2026,"
    "Printed",
    "9400111899560000000014,USPS,Media Mail,14-00001-00006,4.13,11.3,3/2/2026,Printed",
)
"""A carrier's file of parcels."""
