"""Old .xls workbooks, which nothing here can write: compressed, as text.

FULL counts days from 1904 and has error values (row 2 退回次数, row 3 承办单位), a hidden row 3, a hidden last column,
a unit merged over rows 4 and 5, a time written as a plain number, and a hidden second sheet. FAR has two filled
rows and a cell in IV65536.
"""

import base64
import zlib


def unpack(text):
    return zlib.decompress(base64.b85decode(text))


FULL = unpack(
    "c-"
    "rk)Pe_zO6n`_{x9%Tzbu~3KkWJ9a^q_W#Kv#wGl4gpQVU)TXhONqC2ZPeGJqA*EC?pW<(8cP~ABw13hrp<V5F}bihfab0IjG"
    "xvZ|B=~bp;npFuu3U``&vq?>BE|-h4Cry_?RMn|PEr538sOG*}7SAtlBpu-"
    "Fa74OkxzlW06`Si&Z4E3(^gAyX{y-1XK<Ye?%o4-y{guaN_M#?lV`(9qZG_iQ26ats}UVyF~4=AMLcENPI-"
    "ab+^^V!ng<18)0*c{N*ZFt5b6bK(?CdmD-msysd^3$RWg8u2IW^O0MZK{mXhJRTYqk+v4737+q`u+1v+btg;$E@_>=*B>N38"
    "}8Aj9YiV(1WJ8APj~mBKwu8CaM35>N7w_fXzcD+9@D<Hb^&Pr9dEa;W4GZ_uD0KjI>0c5&k9QE5ICVrry401PPa6NzyYOJ$`"
    "2vF`j_AwxUkNN1-BM8$Qk<8jN(jl%D_+m;uwlUop+mBn(L3DINR!KQ&t$AZQb3|@5jATQ-"
    "(d2U#uG=xtv%98rmAF+etovthUTSM+U!Q+;OiM7jHZ#av!9#oWa}AjbmH7|NVV^XQTHFTZZ{q;mDzo#t31!N*>P3=&$4NW@<"
    "VgO(4^_r6tOX8DT&3Yuw8&mh+frVH<oFHD)W}$OyN&&b39@Zw1o_@17WWFUp~B$DihhzIgYcJXJS;DQjxRI{^iFIQlqF0V7Z"
    "%O2nPpM9;j&Q>fS0C+4|pUST%rR<VcGiJK0~;9xO>c|@bx5>ZX6xr=BTYFbp&QPUN&NPsLDndVBv*`vrax%%k%LUp8`&}qf4"
    "NYV&BwJ=RsqzyGfFBXI?x#tMBM`26Gwkm8HhfV&Hv3Ih+7UOTkrm??G`D<%p)7amxMyDr0&>6v@5cD{Nmx!#Zxm$q9*mRDmN"
    "@l`i3LcM<zqFZ|468EP$Xpq%-"
    ">#V}*3Dca14Y6NOr<L)%{wHTcauyq$t06ZGHFvusB4GDm&M4nnXWZf^<8Hf%ZmA#<iDjR=)>Ot{+T=sz4#2mU{d*$0~TRmi4"
    "FP~-wTOOVDCZbfliL2C+YmfYpIAG&xRe{o419M?SCbiIRA0~e*n6CEDi"
)
FAR = unpack(
    "c-rk)O-NKx6#mYe8Rv&_d}E`efeb=c>PFhM(U(EFN-"
    "T*YiW+kkp^P!K(M4J|%OGe~v=Q92vD);5Eo#>yFlrG5!A#MrRZ!GI=XK7R_i!v14wzWn?{UvP@7#0lJ#X&0=gz&amy*S~hpi"
    "?2hCT#PcB81Pk`b4v|6+sNT~}DYj&N}e{wYKwJdt%FEY`mY%N)vlmtf&R@C8%gBbPI{gu#hiHob*7q&{RweCTCLxXY3RTGXp"
    "Xr5BX$P<mfApD8`4k{e2US+_{1vE&SP9`K_0l+~_n2}r+>)#klQdeDTI62;RusiGS~fBs@-"
    "e0w&u1>=|p&)YyYm(6F!i%9VV&f~kA2EO?#^?BOJw^mMI`OmfT@H+BaRuGthdtL*)fH)Qd(qhr)vnPg^u~UOmN)Re)p8he+u"
    "l+qSNyWN!?KMlcUPC(0bQBHBC)M8O<h*?E>zkt^L(Vys%xJo<B=z0m2V7hg3pP$vC43>BYSE?in)bR&`BtSV4o9v#hMGL)$g"
    "JvI*VYamXTRdDv!{yR%Y5O>u_tYXPtHE(7Y0gGsfBmW9NKx48D)EUX3<UEbmz9<spHq=C4dh~TmDD}5zF@ccfAj3zzSl@CY6"
    "c?t)oGzL7s+gYqY9y#fr%W#~Sim_gRg2B*SsSSw##61_lNO1_lNO2HO_o9WVlV$N>L?uN)-8-o4HWm$JDg`EPL?6Z~A}gXv-"
    "9xXxp;rub<_i2S~2gEszsq2MHsp2rwQ)Q_>6<ChPDRQ)|0HncZy3Dr7&xfVbF^7y|1b=ky#"
)
