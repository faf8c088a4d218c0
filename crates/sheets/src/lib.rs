//! Tables in and out of files: CSV and XLSX.
