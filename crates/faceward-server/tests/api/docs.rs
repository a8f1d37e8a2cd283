//! The document as a page.

use axum::http::Method;
use axum::http::header::CONTENT_SECURITY_POLICY;
use faceward_server::Limits;

use crate::place::Place;

async fn page(lang: &str) -> String {
    let place = Place::new().await;
    let router = place.front(Limits::default()).await.router();
    let request = axum::http::Request::builder()
        .method(Method::GET)
        .uri("/docs")
        .header("accept-language", lang);
    let request = request.body(axum::body::Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(router, request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let policy = answer.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(!policy.contains("unsafe"), "{policy}");
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    String::from_utf8(body.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn the_page_shows_every_operation_with_a_line_for_a_shell_and_loads_nothing_from_elsewhere() {
    let page = page("en").await;
    for line in [
        "curl -H &#34;Authorization: Bearer $KEY&#34;",
        "-F picture=@picture.jpg",
        "&#34;$FACEWARD/v1/verify&#34;",
        "-X DELETE",
        "<h3 id=\"post-liveness-sessions\">",
    ] {
        assert!(page.contains(line), "{line}");
    }
    for elsewhere in ["src=\"http", "href=\"http", "style=", "<script>", "<style"] {
        assert!(!page.contains(elsewhere), "{elsewhere}");
    }
    let operations = page.matches("<h3 id=").count();
    let lines = page.matches("Authorization: Bearer $KEY").count();
    assert!(operations > 25, "{operations}");
    assert_eq!(lines, operations);
}

#[tokio::test]
async fn the_frame_of_the_page_is_in_chinese_for_whoever_prefers_it() {
    let page = page("zh-CN,zh;q=0.9").await;
    for text in ["<html lang=\"zh-Hans\">", "REST 接口", "账本", "请求体"] {
        assert!(page.contains(text), "{text}");
    }
}
