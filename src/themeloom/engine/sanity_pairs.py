"""Short texts by which an encoder is tried: in each language four things, each said in two ways.

The two ways share as few words as possible, so that an encoder has to know what they mean.
"""

#: By ISO 639-1 code: pairs that mean the same.
PAIRS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("I cannot log in to my account.", "My password is rejected every time I sign in."),
        ("The parcel arrived too late.", "We waited weeks for the delivery."),
        ("It costs too much for what it does.", "The price is way higher than it is worth."),
        ("Your support team was friendly.", "A very kind agent helped me on the phone."),
    ),
    "de": (
        ("Ich komme nicht in mein Konto.", "Mein Passwort wird bei der Anmeldung abgelehnt."),
        ("Das Paket kam zu spät an.", "Wir haben wochenlang auf die Lieferung gewartet."),
        ("Das ist viel zu teuer.", "Der Preis ist höher, als es wert ist."),
        ("Ihr Kundendienst war freundlich.", "Eine nette Mitarbeiterin half mir am Telefon."),
    ),
    "fr": (
        ("Impossible d'accéder à mon compte.", "Mon mot de passe est refusé à la connexion."),
        ("Le colis est arrivé trop tard.", "Nous avons attendu la livraison des semaines."),
        ("C'est beaucoup trop cher.", "Le prix dépasse largement ce que cela vaut."),
        ("Votre service client était aimable.", "Une conseillère très gentille m'a aidé."),
    ),
    "es": (
        ("No puedo entrar en mi cuenta.", "Rechaza mi contraseña al iniciar sesión."),
        ("El paquete llegó demasiado tarde.", "Esperamos semanas hasta recibir el envío."),
        ("Es carísimo para lo que hace.", "Su precio supera lo que vale."),
        ("El equipo de soporte fue amable.", "Una agente muy simpática me ayudó por teléfono."),
    ),
    "it": (
        ("Non riesco a entrare nel mio account.", "La password viene rifiutata all'accesso."),
        ("Il pacco è arrivato troppo tardi.", "Abbiamo aspettato la consegna per settimane."),
        ("Costa troppo per quello che fa.", "Il prezzo è ben più alto del suo valore."),
        ("La vostra assistenza è stata cortese.", "Un'operatrice gentile mi ha aiutato."),
    ),
    "pt": (
        ("Não consigo entrar na minha conta.", "A senha é recusada quando faço login."),
        ("A encomenda chegou tarde demais.", "Esperamos semanas pela entrega."),
        ("Custa caro para o que faz.", "O preço é muito maior do que o valor real."),
        ("O atendimento foi simpático.", "Uma funcionária gentil me ajudou ao telefone."),
    ),
    "nl": (
        ("Ik kom niet in mijn account.", "Mijn wachtwoord wordt geweigerd bij het inloggen."),
        ("Het pakket kwam te laat aan.", "We hebben weken op de levering gewacht."),
        ("Dit is veel te duur.", "De prijs ligt hoger dan wat het waard is."),
        ("Jullie klantenservice was vriendelijk.", "Een aardige medewerker hielp mij."),
    ),
    "pl": (
        ("Nie mogę wejść na swoje konto.", "Hasło jest odrzucane przy logowaniu."),
        ("Paczka przyszła za późno.", "Tygodniami czekaliśmy na dostawę."),
        ("To jest o wiele za drogie.", "Cena przewyższa to, ile jest warte."),
        ("Obsługa klienta była uprzejma.", "Miła konsultantka pomogła mi przez telefon."),
    ),
    "tr": (
        ("Hesabıma giremiyorum.", "Oturum açarken parolam reddediliyor."),
        ("Paket çok geç geldi.", "Teslimatı haftalarca bekledik."),
        ("Yaptığı işe göre çok pahalı.", "Fiyatı değerinden kat kat yüksek."),
        ("Destek ekibiniz nazikti.", "Kibar bir temsilci telefonda yardım etti."),
    ),
    "ru": (
        ("Не могу войти в свой аккаунт.", "При авторизации отклоняется пароль."),
        ("Посылка пришла слишком поздно.", "Мы неделями ждали доставку."),
        ("Это очень дорого.", "Цена намного выше реальной стоимости."),
        ("Ваша поддержка была вежливой.", "Приветливая сотрудница помогла по телефону."),
    ),
    "ar": (
        ("لا أستطيع الدخول إلى حسابي.", "يتم رفض كلمة المرور عند تسجيل الدخول."),
        ("وصل الطرد متأخرا جدا.", "انتظرنا التوصيل لأسابيع."),
        ("هذا مكلف للغاية.", "السعر أعلى بكثير من القيمة."),
        ("كان فريق الدعم ودودا.", "ساعدتني موظفة لطيفة عبر الهاتف."),
    ),
    "ja": (
        ("アカウントに入れません。", "ログインするとパスワードが拒否されます。"),
        ("荷物の到着が遅すぎました。", "配達まで何週間も待たされました。"),
        ("機能の割に高すぎる。", "値段が価値に見合っていない。"),
        ("サポートの方が親切でした。", "電話で担当者が優しく助けてくれた。"),
    ),
    "zh": (
        ("我无法进入我的账户。", "登录时密码总被拒绝。"),
        ("包裹到得太晚了。", "我们等快递等了好几周。"),
        ("这太贵了。", "价格远远超过它的价值。"),
        ("你们的客服很友好。", "一位和善的工作人员在电话里帮助了我。"),
    ),
    "ko": (
        ("계정에 들어갈 수 없습니다.", "로그인할 때 비밀번호가 거부돼요."),
        ("소포가 너무 늦게 도착했습니다.", "배송을 몇 주나 기다렸어요."),
        ("하는 일에 비해 너무 비싸요.", "가격이 가치보다 훨씬 높습니다."),
        ("고객 지원팀이 친절했습니다.", "상냥한 상담원이 전화로 도와주었어요."),
    ),
}
