//! How good a picture is, in words.

use faceward::{Defect, FaceError, Quality, Unusable};

use crate::lang::Lang;

/// What was measured of a face, for a page.
pub(super) struct Measured {
    pub(super) unified: u8,
    pub(super) components: Vec<(String, Option<u8>)>,
    pub(super) reasons: Vec<(String, bool)>,
}

pub(super) fn measured(quality: &Quality, lang: Lang) -> Measured {
    let components = quality.components.iter();
    let reasons = quality.reasons.iter();
    Measured {
        unified: quality.unified,
        components: components
            .map(|one| (component(one.name, lang), one.value))
            .collect(),
        reasons: reasons
            .map(|reason| match lang {
                Lang::En => (reason.to_string(), reason.prevents_enrolment),
                Lang::Zh => (defect(reason.defect).to_owned(), reason.prevents_enrolment),
            })
            .collect(),
    }
}

/// The component by its name in ISO/IEC 29794-5, with what it means.
fn component(name: &'static str, lang: Lang) -> String {
    let (en, zh) = match name {
        "IlluminationUniformity" => ("even light", "光照均匀"),
        "LuminanceMean" => ("well lit", "亮度适中"),
        "LuminanceVariance" => ("light and shade", "明暗变化"),
        "UnderExposurePrevention" => ("not too dark", "不过暗"),
        "OverExposurePrevention" => ("not burnt out", "不过曝"),
        "DynamicRange" => ("contrast", "动态范围"),
        "Sharpness" => ("sharp", "清晰度"),
        "NaturalColour" => ("colour of skin", "肤色自然"),
        "EyesOpen" => ("eyes open", "双眼睁开"),
        "MouthClosed" => ("mouth closed", "嘴巴闭合"),
        "EyesVisible" => ("eyes not covered", "眼睛无遮挡"),
        "MouthOcclusionPrevention" => ("mouth not covered", "嘴部无遮挡"),
        "FaceOcclusionPrevention" => ("face not covered", "面部无遮挡"),
        "InterEyeDistance" => ("large enough", "双眼间距"),
        "HeadSize" => ("size in the picture", "头部大小"),
        "LeftwardCropOfTheFaceImage" => ("room on the left", "左侧留白"),
        "RightwardCropOfTheFaceImage" => ("room on the right", "右侧留白"),
        "MarginAboveOfTheFaceImage" => ("room above", "上方留白"),
        "MarginBelowOfTheFaceImage" => ("room below", "下方留白"),
        "HeadPoseYaw" => ("not turned aside", "左右转动"),
        "HeadPosePitch" => ("not tilted", "俯仰"),
        "HeadPoseRoll" => ("upright", "倾斜"),
        _ => return name.to_owned(),
    };
    match lang {
        Lang::En => format!("{name} ({en})"),
        Lang::Zh => format!("{zh}（{name}）"),
    }
}

fn defect(defect: Defect) -> &'static str {
    match defect {
        Defect::ScanLines => "图片有横向撕裂：请重新拍摄或导出",
        Defect::CutOff => "面部有一部分在画面外：请移到画面中央",
        Defect::TooSmall => "面部过小：请靠近或使用更大的图片",
        Defect::Blurred => "面部模糊：请保持静止并清洁镜头",
        Defect::TooDark => "面部过暗：请面向光源",
        Defect::TooBright => "面部过曝：请避开强光",
        Defect::OneSided => "光线来自一侧：请面向光源",
        Defect::Flat => "面部缺乏明暗对比：请擦拭镜头，使用均匀而明亮的光线",
        Defect::UnnaturalColour => "脸颊颜色不自然：请使用白光，不要使用滤镜",
        Defect::TurnedAside => "面部偏向一侧：请正视镜头",
        Defect::TiltedUpOrDown => "面部上仰或下俯：请将镜头置于眼睛高度",
        Defect::Leaning => "头部歪斜：请端正头部或镜头",
        Defect::EyesShut => "眼睛闭着：请睁开双眼",
        Defect::MouthOpen => "嘴巴张开：请闭上嘴",
        Defect::EyesCovered => "眼睛被遮挡：请摘下墨镜，不要让手或头发挡住眼睛",
        Defect::MouthCovered => "嘴部被遮挡：请摘下口罩，不要让手或围巾挡住嘴部",
        _ => "图片质量不足",
    }
}

/// Why a picture gave no answer.
pub(super) fn unusable(why: &Unusable, lang: Lang) -> String {
    if lang == Lang::En {
        return why.to_string();
    }
    let zh = match why {
        Unusable::Picture(FaceError::NoFace) => "未找到人脸：请使用面部可见、端正且光线良好的图片",
        Unusable::Picture(FaceError::SeveralFaces { .. }) => "图片中有多张人脸：请只拍一个人",
        Unusable::PoorQuality(_) => "图片质量不足以登记",
        Unusable::NotLive(_) => "这似乎是翻拍的图片：请使用本人的照片",
        Unusable::NoReference => "当前模型没有用于此目的的模板：请先登记",
        Unusable::NoMap => "没有保存此人用于此目的的人脸图谱",
        Unusable::SomeoneElse { .. } => "此图片与已登记的模板不符：似乎是另一个人",
        Unusable::KeptAlready => "由此图片制作的模板已有",
        other => return other.to_string(),
    };
    let details = match why {
        Unusable::PoorQuality(reasons) => {
            let reasons: Vec<&str> = reasons.iter().map(|one| defect(one.defect)).collect();
            format!("（{}）", reasons.join("；"))
        }
        _ => String::new(),
    };
    format!("{zh}{details}")
}

#[cfg(test)]
mod tests {
    use faceward::Reason;

    use super::*;

    #[test]
    fn who_is_refused_for_quality_is_told_all_of_it_in_their_language() {
        let reason = |defect| Reason {
            defect,
            prevents_enrolment: true,
        };
        let why = Unusable::PoorQuality(vec![reason(Defect::TooDark), reason(Defect::CutOff)]);
        let told = unusable(&why, Lang::Zh);
        assert!(
            told.contains("请面向光源") && told.contains("请移到画面中央"),
            "{told}"
        );
        assert!(!told.contains("light"), "{told}");
        assert!(unusable(&why, Lang::En).contains("turn towards the light"));
    }

    #[test]
    fn every_component_and_every_defect_has_words_in_chinese() {
        for known in faceward::COMPONENTS {
            let told = component(known.name, Lang::Zh);
            let shown = !matches!(known.measured, faceward::Measured::Not(_));
            let of_a_face = !["UnifiedQualityScore", "SingleFacePresent"].contains(&known.name);
            assert!(!(shown && of_a_face) || told != known.name, "{told}");
        }
        for defect in [
            Defect::OneSided,
            Defect::Flat,
            Defect::UnnaturalColour,
            Defect::EyesShut,
            Defect::EyesCovered,
            Defect::MouthCovered,
        ] {
            assert_ne!(super::defect(defect), "图片质量不足");
        }
    }
}
