"""The colours of drawn sleeves: a ground, then inks in the order a motif uses them."""

PALETTES: tuple[tuple[str, ...], ...] = (
    ("#10212E", "#F2A541", "#E8E2D4", "#9C8468", "#2E4A5B"),  # navy, amber, cream
    ("#F1E9DA", "#1F3A5F", "#E4572E", "#F3B61F", "#3E8E7E"),  # cream, blue, vermilion
    ("#0F4C5C", "#E9D8A6", "#EE9B00", "#94D2BD", "#9B2226"),  # petrol, sand, amber
    ("#3B1F3D", "#E76F6F", "#F4D6B0", "#8AB0A2", "#6D3B5E"),  # plum, coral, sand
    ("#E76F51", "#264653", "#F4E9CD", "#E9C46A", "#2A9D8F"),  # orange, deep teal
    ("#1B1B2F", "#E43F5A", "#F0ECE2", "#5C6BC0", "#A2D2CE"),  # night, red
    ("#D8E2DC", "#4A5568", "#C06C52", "#85A98F", "#2F3E46"),  # mist, slate, clay
    ("#2B2D42", "#8D99AE", "#EDF2F4", "#EF8354", "#4F5D75"),  # slate, orange
    ("#F4D35E", "#0D3B66", "#EE964B", "#FAF0CA", "#F95738"),  # yellow, blue
    ("#14342B", "#BBDFC5", "#E3A857", "#60935D", "#F2EFE6"),  # forest, mint, ochre
    ("#6B2737", "#F3E9DC", "#E08E45", "#C9A690", "#2F1B25"),  # wine, cream
    ("#7FB7BE", "#1D2F4B", "#F2F3AE", "#D3C0A8", "#DA627D"),  # sky, navy, rose
)
