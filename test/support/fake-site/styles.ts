/** The style sheet that all pages share. `--accent` is the site's colour. */
export const styles = `
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:#f4f5f7;color:#1c2330;
 font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
.top{display:flex;gap:1.5rem;align-items:center;padding:.75rem 1.5rem;background:#fff;border-bottom:1px solid #e2e5ea}
.top .brand{font-weight:700;color:var(--accent);text-decoration:none}
.top nav{display:flex;gap:1rem;flex:1}.top nav a{color:#4a5568;text-decoration:none}
main{flex:1;width:100%;max-width:26rem;margin:2.5rem auto;padding:0 1rem}
main.wide{max-width:52rem}
.card{background:#fff;border:1px solid #e2e5ea;border-radius:12px;padding:1.75rem;box-shadow:0 1px 3px #0001}
h1{font-size:1.4rem;margin:0 0 1rem}p{margin:.5rem 0}
label{display:block;font-weight:600;font-size:.9rem;margin-top:1rem}
input:not([type=checkbox]):not([type=radio]):not([type=submit]){width:100%;padding:.6rem .7rem;margin-top:.25rem;
 border:1px solid #b8c0cc;border-radius:8px;font:inherit;background:#fff}
input[readonly]{background:#eef0f3!important;color:#555}
input[aria-invalid=true]{border-color:#b3261e!important}
.top input[type=search]{width:11rem;margin:0;padding:.35rem .6rem}
button,input[type=submit],.button{display:inline-block;width:100%;margin-top:1.25rem;padding:.65rem 1rem;border:0;border-radius:8px;
 background:var(--accent);color:#fff;font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
button:disabled{opacity:.45;cursor:not-allowed}
button.plain,.button.plain{background:#fff;color:#1c2330;border:1px solid #b8c0cc;margin-top:.6rem}
button.link{display:inline;width:auto;margin:0;padding:0;background:none;color:var(--accent);font-weight:400;text-decoration:underline}
.check{display:flex;gap:.5rem;align-items:center;font-weight:400}
.error,.errornote,.fehlermeldung,[role=alert]{margin:.75rem 0;padding:.6rem .8rem;border-radius:8px;background:#fdecea;color:#8c1d18}
.error:empty,[role=alert]:empty{display:none}
.hint{color:#5b6675;font-size:.9rem}
.off-screen{position:absolute;left:-9999px;top:0}
.boxes{display:flex;gap:.5rem;margin-top:1rem}.boxes input{text-align:center;font-size:1.4rem!important;padding:.5rem 0!important}
.or{text-align:center;color:#5b6675;margin:1.25rem 0 .25rem}
.choices{list-style:none;margin:1rem 0 0;padding:0}
.tile{display:flex;flex-direction:column;padding:.8rem 1rem;margin-top:.6rem;border:1px solid #b8c0cc;border-radius:8px;cursor:pointer}
.tile:hover,.tile:focus{border-color:var(--accent)}
.menu{position:relative;margin-left:auto}.menu summary{cursor:pointer;list-style:none}
.menu .items{position:absolute;right:0;min-width:12rem;padding:.75rem;background:#fff;border:1px solid #e2e5ea;border-radius:8px;box-shadow:0 4px 12px #0002}
.menu .items button{margin-top:.4rem}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1rem;margin-top:1.25rem}
.spinner{width:2rem;height:2rem;margin:3rem auto;border:3px solid #d5dae1;border-top-color:var(--accent);border-radius:50%;animation:turn 1s linear infinite}
@keyframes turn{to{transform:rotate(360deg)}}
.bottom{padding:1.25rem 1.5rem;background:#fff;border-top:1px solid #e2e5ea;color:#5b6675;font-size:.85rem}
.bottom form{display:flex;gap:.5rem;align-items:end;max-width:26rem;margin-bottom:.75rem}
.bottom form label{flex:1;margin:0}.bottom button{width:auto;margin:0}
.cookies{position:fixed;left:1rem;bottom:1rem;max-width:20rem;padding:1rem;background:#1c2330;color:#fff;border-radius:12px;font-size:.85rem}
.cookies button{width:auto;margin:.5rem .5rem 0 0;padding:.4rem .8rem;font-size:.85rem}
dialog{border:0;border-radius:12px;padding:1.75rem;width:min(24rem,90vw)}dialog::backdrop{background:#0008}
`;
