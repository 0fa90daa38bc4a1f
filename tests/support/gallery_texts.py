"""The gallery's texts in both languages of its manifests."""

PERSIAN = {
    "- Buses do the same for a third of the money.\n- Three years of building sites.": (
        "- اتوبوس همین کار را با یک‌سوم هزینه می‌کند.\n- سه سال کارگاه ساختمانی."
    ),
    "- It carries as many people as six lanes of cars.\n- The old way is still free.": (
        "- به اندازهٔ شش خط خودرو مسافر جابه‌جا می‌کند.\n- مسیر قدیمی هنوز خالی است."
    ),
    "- The river on every letter of the city\n- A bird that children can draw": (
        "- رودخانه بر هر نامهٔ شهر\n- پرنده‌ای که کودکان هم می‌توانند بکشند"
    ),
    "A mural beside the underpass": "دیوارنگاره‌ای کنار زیرگذر",
    "A new emblem": "نشان تازهٔ شهر",
    "A refuge island for people on foot": "جزیرهٔ ایمنی برای پیاده‌ها",
    "A very small vote": "رأی‌گیری بسیار کوچک",
    "A vote in preparation": "رأی‌گیری در دست آماده‌سازی",
    "Ada Lovelace": "آدا لاولیس",
    "Assembly of the cooperative": "مجمع تعاونی",
    "Board of the library": "هیئت امنای کتابخانه",
    "Cake": "کیک",
    "Carl Gauss": "کارل گاوس",
    "Chair of the assembly": "رئیس مجمع",
    "Choose what the city shows on its arms and its letters. Everybody on the roll has one vote.": (
        "نشان شهر و سربرگ نامه‌هایش را انتخاب کنید. هر کس در فهرست رأی‌دهندگان است یک رأی دارد."
    ),
    "Council of the students": "شورای دانشجویان",
    "Eight hundred of them stand along the avenues, planted when these were laid out.": (
        "هشتصد اصله از آن در کنار خیابان‌هاست که هنگام کشیدن خیابان‌ها کاشته شد."
    ),
    "Emblem of the city": "نشان شهر",
    "Emmy Noether": "امی نوتر",
    "Evenings": "عصرها",
    "Food at the feast": "غذای جشن",
    "Gardens office": "ادارهٔ باغ‌ها",
    "Grey heron": "حواصیل خاکستری",
    "I abstain": "رأی ممتنع می‌دهم",
    "It came back when the river was cleaned.": "وقتی رودخانه پاک شد، بازگشت.",
    "Its wheel is in the museum.": "چرخ آن در موزه است.",
    "Leonhard Euler": "لئونارد اویلر",
    "Lines the old avenues; the tallest is older than the city hall.": (
        "در دو سوی خیابان‌های قدیمی صف کشیده است؛ بلندترینشان از ساختمان شهرداری کهن‌تر است."
    ),
    "Maryam Mirzakhani": "مریم میرزاخانی",
    "Mornings": "صبح‌ها",
    "No": "نه",
    "None of these": "هیچ‌کدام",
    "Opening hours": "ساعت کار",
    "Plane tree": "چنار",
    "Projects of the ward": "طرح‌های محله",
    "Resurfacing of streets": "آسفالت خیابان‌ها",
    "River wardens": "پاسداران رودخانه",
    "Shade, and something that all quarters have in common.": "سایه، و چیزی که همهٔ محله‌ها در آن شریک‌اند.",
    "Six dice, thrown in the town hall after the list was closed": (
        "شش تاس که پس از بسته شدن فهرست در تالار شهر انداخته شد"
    ),
    "Six questions, one of each kind.": "شش پرسش، از هر گونه یکی.",
    "Sophie Germain": "سوفی ژرمن",
    "Soup": "آش",
    "Spring vote of the ward": "رأی‌گیری بهارهٔ محله",
    "Stands in the shallows all year, and is seen from every bridge.": (
        "همهٔ سال در آب‌های کم‌عمق می‌ایستد و از هر پلی دیده می‌شود."
    ),
    "Tramway referendum": "همه‌پرسی تراموا",
    "Tramway: shall it be rebuilt?": "تراموا: آیا دوباره ساخته شود؟",
    "Treasurer of the assembly": "خزانه‌دار مجمع",
    "Trees along the avenue": "درختان کنار خیابان",
    "Turned for three hundred years where the market is today.": "سیصد سال همان جا می‌چرخید که امروز بازار است.",
    "Vote of the allotment club": "رأی‌گیری باشگاه باغچه‌ها",
    "Water mill": "آسیاب آبی",
    "Yes": "آری",
    "[Count of the wardens](https://river.example/count)": "[شمارش پاسداران](https://river.example/count)",
    "https://museum.example/wheel": "https://museum.example/wheel",
    "https://tram.example/study": "https://tram.example/study",
}


def spoken(text: str) -> dict[str, str]:
    """Return a text as a manifest holds it; nothing for no text."""
    return {"en": text, "fa": PERSIAN[text]} if text else {}
