"""Invoices made up in the four layouts in which they are issued; nothing of them was ever issued."""

from __future__ import annotations

from tests.service.documents.made import zipped
from tests.service.enterprises.town import uscc

NUMBER, SELLER, BUYER = "23152000000000000001", uscc(900), uscc(1)
OLDER_CODE, OLDER_NUMBER = "015002300111", "12345678"
NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def digital(
    number: str = NUMBER, day: str = "2023-05-20 10:11:12", seller: str = SELLER, buyer: str = BUYER,
    net: str = "1000.00", vat: str = "130.00", total: str = "1130.00", blue: str = "Y", before: str = "",
) -> bytes:  # fmt: skip
    """A fully digital invoice as XML."""
    said = f"""<?xml version="1.0" encoding="UTF-8"?>{before}
<EInvoice><Header><EIid>{number}</EIid><EInvoiceTag>SWEI3200</EInvoiceTag><Version>0.2</Version><InherentLabel>
<InIssuType><LabelCode>{blue}</LabelCode><LabelName>是否蓝字发票标志</LabelName></InIssuType>
<EInvoiceType><LabelCode>01</LabelCode><LabelName>电子发票</LabelName></EInvoiceType></InherentLabel></Header>
<EInvoiceData><SellerInformation><SellerIdNum>{seller}</SellerIdNum><SellerName>示范设备有限公司</SellerName>
</SellerInformation><BuyerInformation><BuyerIdNum>{buyer}</BuyerIdNum><BuyerName>示范物流有限公司</BuyerName>
</BuyerInformation><BasicInformation><TotalAmWithoutTax>{net}</TotalAmWithoutTax><TotalTaxAm>{vat}</TotalTaxAm>
<TotalTax-includedAmount>{total}</TotalTax-includedAmount><RequestTime>2023-05-19 09:00:00</RequestTime>
</BasicInformation><IssuItemInformation><ItemName>*计算机*服务器</ItemName><Amount>1.00</Amount></IssuItemInformation>
</EInvoiceData><TaxSupervisionInfo><InvoiceNumber>{number}</InvoiceNumber><IssueTime>{day}</IssueTime>
</TaxSupervisionInfo></EInvoice>"""
    return said.encode()


def older(
    code: str = OLDER_CODE, number: str = OLDER_NUMBER, day: str = "2023年05月20日", net: str = "1000.00",
    vat: str = "130.00", total: str = "1130.00", seller: str = SELLER,
) -> bytes:  # fmt: skip
    """The invoice that is attached to an OFD of the older kind."""
    said = f"""<?xml version="1.0" encoding="UTF-8"?><fp:eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019">
<fp:InvoiceCode>{code}</fp:InvoiceCode><fp:InvoiceNo>{number}</fp:InvoiceNo><fp:IssueDate>{day}</fp:IssueDate>
<fp:Buyer><fp:BuyerName>示范物流有限公司</fp:BuyerName><fp:BuyerTaxID>{BUYER}</fp:BuyerTaxID></fp:Buyer>
<fp:Seller><fp:SellerName>示范设备有限公司</fp:SellerName><fp:SellerTaxID>{seller}</fp:SellerTaxID></fp:Seller>
<fp:TaxInclusiveTotalAmount>{total}</fp:TaxInclusiveTotalAmount><fp:TaxTotalAmount>{vat}</fp:TaxTotalAmount>
<fp:TaxExclusiveTotalAmount>{net}</fp:TaxExclusiveTotalAmount></fp:eInvoice>"""
    return said.encode()


def container(properties: dict[str, str] | None = None, parts: dict[str, bytes] | None = None) -> bytes:
    """An OFD with these properties and parts."""
    said = "".join(
        f'<ofd:CustomData Name="{name}">{text}</ofd:CustomData>' for name, text in (properties or {}).items()
    )
    first = (
        f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {NAMESPACE} DocType="OFD" Version="1.0">'
        "<ofd:DocBody><ofd:DocInfo>"
        f"<ofd:DocID>1</ofd:DocID><ofd:CustomDatas>{said}</ofd:CustomDatas></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )
    return zipped({"OFD.xml": first.encode(), "Doc_0/Document.xml": b"<Document/>", **(parts or {})})


PROPERTIES = {
    "native-producer": "made up", "发票号码": NUMBER, "合计税额": "130.00", "合计金额": "1000.00",
    "开票日期": "2023年05月20日",
    "购买方纳税人识别号": BUYER, "销售方纳税人识别号": SELLER,
}  # fmt: skip
ATTACHED = {"Doc_0/Attachs/original_invoice.xml": older()}


def page(**drawn: str) -> bytes:
    """A page on which texts are drawn, by the number of each."""
    objects = "".join(
        f'<ofd:TextObject ID="{name[1:]}" Size="3"><ofd:TextCode X="0" Y="1"><![CDATA[{text}]]></ofd:TextCode>'
        "</ofd:TextObject>" for name, text in drawn.items()
    )  # fmt: skip
    return f"<ofd:Page {NAMESPACE}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>".encode()


def tags(root: str = "eInvoice", **points: str) -> bytes:
    """Tags of an invoice: each names the numbers of the texts that it means."""
    said = ""
    for path, numbers in points.items():
        names = path.split("__")
        refs = "".join(f'<ofd:ObjectRef PageRef="1">{number}</ofd:ObjectRef>' for number in numbers.split())
        said += "".join(f"<{name}>" for name in names) + refs + "".join(f"</{name}>" for name in reversed(names))
    return f"<{root} {NAMESPACE}>{said}</{root}>".encode()


TAGGED = {
    "Doc_0/Tags/CustomTags.xml": f"<ofd:CustomTags {NAMESPACE}/>".encode(),
    "Doc_0/Tags/CustomTag.xml": tags(InvoiceNo="1", IssueDate="2 3", Seller__SellerTaxID="4",
                                     TaxExclusiveTotalAmount="5", TaxTotalAmount="6", TaxInclusiveTotalAmount="99"),
    "Doc_0/Pages/Page_0/Content.xml": page(_1=NUMBER, _2="2023 年", _3="05 月 20 日", _4=SELLER, _5="￥1,000.00",
                                           _6="¥130.00", _7="¥9.99"),
}  # fmt: skip
